"""Django projects of any size, all alike but for their size: apps, models and foreign keys grow with the migrations.

Each app has the same twenty migrations, in which CreateModel, AddField, AlterField of a foreign key, RenameField,
RenameModel, AddIndex and RunSQL take turns. Its models reference those of its own app, of the app before it, of an app far
before it, and one model that every app references. `makemigrations --check` of Django finds nothing to add.
"""

PER_APP = 20

HEAD = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
PRIMARY_KEY = '("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))'
DISTRICT = "district.District"


def write(folder, migrations):
    """Writes a project with about that many migrations: a whole number of apps, and the one of the common model."""
    apps = [app_name(number) for number in range(max(1, migrations // PER_APP))]
    text = "INSTALLED_APPS = [\n" + "".join(f'    "{app}",\n' for app in ["district", *apps]) + "]\n"
    put(folder / "settings.py", text + 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n')
    put(folder / "manage.py", "# Marks the folder of the project.\n")
    write_app(folder / "district", district())
    for number, app in enumerate(apps):
        write_app(folder / app, App(number))


def app_name(number):
    return f"ward_{number:04}"


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_app(folder, app):
    put(folder / "__init__.py", "")
    put(folder / "migrations" / "__init__.py", "")
    put(folder / "models.py", app.models)
    before = None
    for number, (name, depends, operations) in enumerate(app.migrations, 1):
        stem = f"{number:04}_{name}"
        depends = depends + ([(folder.name, before)] if before else [])
        text = f"{HEAD}    initial = True\n" if before is None else HEAD
        text += "    dependencies = [" + ", ".join(f'("{on}", "{what}")' for on, what in depends) + "]\n"
        text += "    operations = [\n" + "".join(f"        {operation},\n" for operation in operations) + "    ]\n"
        put(folder / "migrations" / f"{stem}.py", text)
        before = stem


class district:
    """The app of the model that all reference."""

    models = (
        "from django.db import models\n\n\n"
        "class District(models.Model):\n    name = models.CharField(max_length=80)\n"
    )
    migrations = [("initial", [], [f'migrations.CreateModel("District", [{PRIMARY_KEY}, ("name", models.CharField(max_length=80))])'])]


class App:
    """One of the apps that make the project grow."""

    def __init__(self, number):
        self.name = app_name(number)
        self.number = number
        self.neighbours = sorted({number - 1, number // 2} & set(range(number)))
        self.migrations = self.first_half() + self.second_half()
        self.models = self.final_models()

    def far(self, own):
        """A model of the app halfway to the first one: each app is referenced by two such at most."""
        return f"{app_name(self.number // 2)}.Station" if self.number else own

    def near(self, own):
        return f"{app_name(self.number - 1)}.Station" if self.number else own

    def first_half(self):
        last = f"{PER_APP:04}_visit_note"
        depends = [("district", "0001_initial")] + [(app_name(number), last) for number in self.neighbours]
        key = foreign_key
        station = f'[{PRIMARY_KEY}, ("label", models.CharField(max_length=40)), ("district", {key(DISTRICT)})]'
        keeper = f'[{PRIMARY_KEY}, ("name", models.CharField(max_length=60)), ("post", {key(f"{self.name}.Post")})]'
        return [
            ("post", depends, [f'migrations.CreateModel("Post", {station})']),
            ("keeper", [], [f'migrations.CreateModel("Keeper", {keeper})']),
            ("near", [], [f'migrations.AddField("keeper", "near", {key(self.near(f"{self.name}.Post"), "null=True")})']),
            ("post_null", [], [f'migrations.AlterField("keeper", "post", {key(f"{self.name}.Post", "null=True")})']),
            ("call_sign", [], ['migrations.RenameField("post", "label", "call_sign")']),
            ("keeper_name", [], [f'migrations.AddIndex("keeper", {index(self.name, "name")})']),
            ("clean", [], [run_sql(f"UPDATE {self.name}_post SET call_sign = trim(call_sign)")]),
            ("station", [], ['migrations.RenameModel("Post", "Station")']),
            ("station_field", [], ['migrations.RenameField("keeper", "post", "station")']),
            ("opened", [], ['migrations.AddField("station", "opened", models.DateField(null=True))']),
        ]

    def second_half(self):
        key = foreign_key
        station, keeper = f"{self.name}.Station", f"{self.name}.Keeper"
        round_ = f'[{PRIMARY_KEY}, ("keeper", {key(keeper)}), ("far", {key(self.far(station))}), ("km", models.IntegerField(default=0))]'
        note = f'[{PRIMARY_KEY}, ("text", models.TextField()), ("visit", {key(f"{self.name}.Visit")})]'
        return [
            ("round", [], [f'migrations.CreateModel("Round", {round_})']),
            ("round_keeper", [], [f'migrations.AlterField("round", "keeper", {key(keeper, "db_index=False")})']),
            ("walked", [], ['migrations.RenameField("round", "km", "walked")']),
            ("round_walked", [], [f'migrations.AddIndex("round", {index(self.name, "walked")})']),
            ("visit", [], ['migrations.RenameModel("Round", "Visit")']),
            ("visit_station", [], [f'migrations.AddField("visit", "station", {key(station, "null=True")})']),
            ("fill", [], [run_sql(f"CREATE INDEX {self.name}_walked_idx ON {self.name}_visit (walked)")]),
            ("far_null", [], [f'migrations.AlterField("visit", "far", {key(self.far(station), "null=True")})']),
            ("visit_check", [], [f'migrations.AddConstraint("visit", {check(self.name)})']),
            ("visit_note", [], [f'migrations.CreateModel("Note", {note})']),
        ]

    def final_models(self):
        key = foreign_key
        station, keeper = f"{self.name}.Station", f"{self.name}.Keeper"
        near = self.near(station)
        return (
            "from django.db import models\n"
            + model("Station", call_sign="models.CharField(max_length=40)", district=key(DISTRICT), opened="models.DateField(null=True)")
            + model("Keeper", name="models.CharField(max_length=60)", station=key(station, "null=True"), near=key(near, "null=True"))
            + f"\n    class Meta:\n        indexes = [{index(self.name, 'name')}]\n"
            + model(
                "Visit",
                keeper=key(keeper, "db_index=False"),
                far=key(self.far(station), "null=True"),
                walked="models.IntegerField(default=0)",
                station=key(station, "null=True"),
            )
            + f"\n    class Meta:\n        indexes = [{index(self.name, 'walked')}]\n        constraints = [{check(self.name)}]\n"
            + model("Note", text="models.TextField()", visit=key(f"{self.name}.Visit"))
        )


def foreign_key(to, *more):
    """Without reverse accessors: two keys of one model may reference the same one."""
    return f'models.ForeignKey({", ".join([repr(to), "models.CASCADE", "related_name=" + repr("+"), *more])})'.replace("'", '"')


def index(app, field):
    return f'models.Index(fields=["{field}"], name="{app}_{field}")'


def check(app):
    return f'models.CheckConstraint(condition=models.Q(walked__gte=0), name="{app}_walked_positive")'


def run_sql(forward):
    return f'migrations.RunSQL("{forward}", migrations.RunSQL.noop)'


def model(class_name, /, **fields):
    return f"\n\nclass {class_name}(models.Model):\n" + "".join(f"    {field} = {declared}\n" for field, declared in fields.items())
