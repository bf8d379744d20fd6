"""Writes a random Django project with random faults between its models, its migrations and its SQL.

    python3 generate.py --seed 7 --django 5.2 --out folder

The same seed and version give the same files. Nothing here knows which INSERTs will fail: that is for real
Django on a real server to say. Prints what was put in, one line each, for the person who reads a failure.
"""

import argparse
import random

import source
from source import Field, Model

KINDS = [
    ("CharField", {"max_length": "20"}, "'x'"),
    ("CharField", {"max_length": "9", "choices": "[('a', 'A'), ('b', 'B')]"}, "'a'"),
    ("TextField", {}, "''"),
    ("SlugField", {}, "'s'"),
    ("EmailField", {}, "'a@b.example'"),
    ("URLField", {}, "''"),
    ("FileField", {"upload_to": "'f'"}, "''"),
    ("IntegerField", {}, "0"),
    ("SmallIntegerField", {}, "1"),
    ("BigIntegerField", {}, "2"),
    ("PositiveIntegerField", {}, "3"),
    ("FloatField", {}, "1.5"),
    ("DecimalField", {"max_digits": "7", "decimal_places": "2"}, "Decimal('1.5')"),
    ("BooleanField", {}, "False"),
    ("DateField", {}, "datetime.date(2020, 1, 2)"),
    ("DateTimeField", {}, "django.utils.timezone.now"),
    ("DateTimeField", {"auto_now_add": "True"}, None),
    ("DateTimeField", {"auto_now": "True"}, None),
    ("TimeField", {}, "datetime.time(1, 2)"),
    ("DurationField", {}, "datetime.timedelta(0)"),
    ("UUIDField", {}, "uuid.uuid4"),
    ("JSONField", {}, "dict"),
    ("BinaryField", {}, "b''"),
    ("GenericIPAddressField", {}, "'10.0.0.1'"),
    ("ArrayField", {}, "list"),
]
# Types whose default the database can hold as a plain constant, for db_default.
PLAIN = {"CharField", "TextField", "IntegerField", "SmallIntegerField", "BigIntegerField", "BooleanField", "FloatField"}
SQL_TYPES = [("integer", "5"), ("text", "''"), ("varchar(12)", "'n'"), ("boolean", "false"), ("timestamptz", "now()")]
SQL_DEFAULTS = {
    **dict.fromkeys(["CharField", "TextField", "SlugField", "URLField", "FileField"], "''"),
    **dict.fromkeys(["IntegerField", "SmallIntegerField", "BigIntegerField", "PositiveIntegerField", "FloatField"], "0"),
    "EmailField": "'a@b.example'::varchar",
    "DecimalField": "1.5",
    "BooleanField": "false",
    "DateField": "CURRENT_DATE",
    "DateTimeField": "now()",
    "TimeField": "'01:02'",
    "DurationField": "interval '1 day'",
    "UUIDField": "gen_random_uuid()",
    "JSONField": "'{}'::jsonb",
    "GenericIPAddressField": "'10.0.0.1'",
    "ArrayField": "'{}'",
}
WORDS = ["note", "total", "state", "weight", "code", "owner", "label", "kind", "rank", "memo"]
MODELS = ["Order", "Invoice", "Parcel", "Basket", "Customer", "Voucher", "Shelf", "Refund", "Ticket", "Depot"]


class Generator:
    def __init__(self, seed, version):
        self.random = random.Random(f"{seed} {version}")
        self.version = tuple(map(int, version.split(".")))
        self.models = []
        self.names = list(MODELS)
        self.random.shuffle(self.names)
        self.counter = 0
        self.base = [Field("created", "DateTimeField", {"auto_now_add": "True"})]
        if self.chance(0.5):
            self.base.append(Field("touched", "IntegerField", {"default": "0"}))
        self.absent = []
        self.log = []

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, choices):
        return self.random.choice(choices)

    def fresh(self):
        self.counter += 1
        return f"{self.pick(WORDS)}_{self.counter}"

    def field(self, name=None):
        """A field of a random type, with or without null and defaults."""
        name = name or self.fresh()
        if self.models and self.chance(0.15):
            options = {"on_delete": "models.CASCADE", "related_name": "'+'"}
            if self.chance(0.4):
                options["null"] = "True"
            return Field(name, self.pick(["ForeignKey", "OneToOneField"]), options, self.pick(self.models))
        kind, options, default = self.pick(KINDS)
        options = dict(options)
        if self.chance(0.25):
            options["null"] = "True"
        if default and self.chance(0.4):
            options["default"] = default
        elif kind in PLAIN and self.version >= (5, 0) and self.chance(0.3):
            options["db_default"] = default
        if self.chance(0.1):
            options["db_column"] = f"'{name}_c'"
        return Field(name, kind, options)

    # Each of the following changes the state and returns the source of its operations, or None where it cannot apply.

    def create_model(self):
        if not self.names:
            return None
        model = Model(self.names.pop())
        if self.chance(0.2):
            model.db_table = f"legacy_{model.name.lower()}"
        parents = [parent for parent in self.models if not parent.parent]
        if parents and self.chance(0.15):
            model.parent = self.pick(parents)
            model.parent.children += 1
        else:
            model.fields.append(self.primary_key())
            if self.chance(0.4):
                for field in self.base:
                    field = field.changed()
                    field.inherited = True
                    model.fields.append(field)
        model.fields += [self.field() for _ in range(self.random.randint(1, 6))]
        self.models.append(model)
        return [source.create_model(model)]

    def primary_key(self):
        kind = self.pick(["BigAutoField", "BigAutoField", "BigAutoField", "AutoField", "UUIDField", "CharField"])
        options = {"primary_key": "True"}
        options |= {"UUIDField": {"default": "uuid.uuid4"}, "CharField": {"max_length": "12"}}.get(kind, {})
        return Field("id", kind, options)

    def add_field(self):
        model = self.pick(self.models)
        field = self.field()
        model.fields.append(field)
        written, once = field.source, ""
        if not field.options.keys() & {"null", "default", "db_default", "auto_now", "auto_now_add"} and not field.is_relation:
            default = next(default for kind, _, default in KINDS if kind == field.kind)
            written, once = field.changed(default=default).source, ", preserve_default=False"
        if self.version >= (5, 0) and self.chance(0.1):
            self.generated_field(model)
            generated = model.fields[-1]
            second = f"migrations.AddField('{model.name}', '{generated.name}', {generated.source})"
            return [f"migrations.AddField('{model.name}', '{field.name}', {written}{once})", second]
        return [f"migrations.AddField('{model.name}', '{field.name}', {written}{once})"]

    def generated_field(self, model):
        options = {"expression": "models.Value(1)", "output_field": "models.IntegerField()", "db_persist": "True"}
        model.fields.append(Field(self.fresh(), "GeneratedField", options))

    def add_many_to_many(self):
        model = self.pick(self.models)
        field = Field(self.fresh(), "ManyToManyField", {"related_name": "'+'"}, self.pick(self.models))
        model.many.append(field)
        return [f"migrations.AddField('{model.name}', '{field.name}', {field.source})"]

    def changeable(self):
        choices = [(model, field) for model in self.models for field in model.own if field.kind != "GeneratedField"]
        return self.pick(choices) if choices else (None, None)

    def alter_field(self):
        model, field = self.changeable()
        if not model:
            return None
        if "null" in field.options:
            new = field.changed(null=None)
        elif self.chance(0.5) and "auto_now" not in field.options and "auto_now_add" not in field.options:
            new = field.changed(null="True")
        elif "max_length" in field.options:
            new = field.changed(max_length="40")
        elif "default" in field.options:
            new = field.changed(default=None)
        else:
            new = field.changed(verbose_name="'v'")
        model.fields[model.fields.index(field)] = new
        return [f"migrations.AlterField('{model.name}', '{new.name}', {new.source})"]

    def rename_field(self):
        model, field = self.changeable()
        if not model:
            return None
        new = field.changed()
        new.name = self.fresh()
        model.fields[model.fields.index(field)] = new
        return [f"migrations.RenameField('{model.name}', '{field.name}', '{new.name}')"]

    def remove_field(self):
        model, field = self.changeable()
        if not model:
            return None
        model.fields.remove(field)
        return [f"migrations.RemoveField('{model.name}', '{field.name}')"]

    def remove_from_state_only(self):
        model, field = self.changeable()
        if not model:
            return None
        model.fields.remove(field)
        model.strays.append(Stray.of(field))
        self.log.append(f"state-only removal of {model.table}.{field.column} ({field.source})")
        removal = f"migrations.RemoveField('{model.name}', '{field.name}')"
        return [f"migrations.SeparateDatabaseAndState(state_operations=[{removal}])"]

    def rename_model(self):
        model = self.pick(self.models)
        if model.children or model.parent or not self.names:
            return None
        old, model.name = model.name, self.names.pop()
        return [f"migrations.RenameModel('{old}', '{model.name}')"]

    def alter_table_name(self):
        model = self.pick(self.models)
        model.db_table = f"moved_{self.fresh()}"
        return [f"migrations.AlterModelTable('{model.name}', '{model.db_table}')"]

    def delete_model(self):
        model = self.pick(self.models)
        relations = [field.target for other in self.models if other is not model for field in other.fields + other.many]
        if model in relations or model.children or len(self.models) < 3:
            return None
        self.models.remove(model)
        if model.parent:
            model.parent.children -= 1
        return [f"migrations.DeleteModel('{model.name}')"]

    def create_table_by_sql(self):
        """The table by SQL, with a column more than the model's state."""
        if not self.names:
            return None
        model = Model(self.names.pop())
        model.fields = [Field("id", "BigAutoField", {"primary_key": "True"}), Field("name", "TextField", {})]
        stray, definition = self.stray_definition()
        model.strays.append(stray)
        self.models.append(model)
        self.log.append(f"CREATE TABLE {model.table} by SQL with {definition}")
        sql = f"""CREATE TABLE "{model.table}" (
                id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
                name text NOT NULL,
                {definition}
            );"""
        state = source.create_model(model)
        return [
            "migrations.SeparateDatabaseAndState(\n"
            f'            database_operations=[migrations.RunSQL("""{sql}""", migrations.RunSQL.noop)],\n'
            f"            state_operations=[{state}],\n        )"
        ]

    def stray_definition(self):
        column = self.fresh()
        kind, default = self.pick(SQL_TYPES)
        rest = self.pick(["NOT NULL", "NOT NULL", f"NOT NULL DEFAULT {default}", f"DEFAULT {default} NOT NULL", "NULL", ""])
        special = [
            f"{column} integer GENERATED BY DEFAULT AS IDENTITY",
            f"{column} integer GENERATED ALWAYS AS IDENTITY",
            f"{column} integer NOT NULL GENERATED ALWAYS AS (7) STORED",
            f"{column} bigserial",
        ]
        if self.chance(0.25):
            return Stray(column, None), self.pick(special)
        named = f"{column} {kind} DEFAULT {default} CONSTRAINT {column}_nn NOT NULL"
        return Stray(column, default), named if self.chance(0.1) else f"{column} {kind} {rest}".strip()

    def sql(self):
        """One statement, in one of the forms in which people write RunSQL."""
        model = self.pick(self.models)
        kinds = [self.add_stray, self.add_stray, self.change_column, self.change_column, self.change_column]
        statement = self.pick([*kinds, self.move_stray, self.drop_identity, self.fill_by_trigger])(model)
        if statement is None:
            return None
        self.log.append(statement)
        reverse = self.pick(["", ", reverse_sql=migrations.RunSQL.noop", ", reverse_sql='SELECT 1'"])
        form = self.random.randint(0, 5)
        if form == 0:
            return [f"migrations.RunSQL({[statement]!r}{reverse})"]
        if form == 1:
            return [f"migrations.RunSQL(sql={statement + '; -- by hand; as agreed'!r}{reverse})"]
        if form == 2:
            text = f"\n            /* a note; */ {statement};\n            SELECT 1;\n        "
            return [f'migrations.RunSQL("""{text}"""{reverse})']
        if form == 3:
            return [f"migrations.RunSQL([({statement!r}, None), 'SELECT 1']{reverse})"]
        return [f"migrations.RunSQL({statement!r}{reverse})"]

    def written_table(self, model):
        forms = [f'"{model.table}"', model.table, model.table.upper(), f"public.{model.table}", f"IF EXISTS {model.table}"]
        return self.pick(forms)

    def add_stray(self, model):
        adding = []
        for _ in range(self.pick([1, 1, 2])):
            stray, definition = self.stray_definition()
            model.strays.append(stray)
            adding.append(f"{self.pick(['ADD COLUMN', 'ADD', 'ADD COLUMN IF NOT EXISTS'])} {definition}")
        return f"ALTER TABLE {self.written_table(model)} {', '.join(adding)}"

    def change_column(self, model):
        columns = [stray for stray in model.strays if stray.default]
        columns += [Stray.of(field) for field in model.own if field.kind != "GeneratedField"]
        if not columns:
            return None
        stray = self.pick(columns)
        changes = ["SET NOT NULL", "DROP NOT NULL", "DROP DEFAULT", f"SET DEFAULT {stray.default}", "SET DEFAULT NULL"]
        chosen = self.random.sample(changes[:4], 2) if self.chance(0.2) else [self.pick([*changes, changes[3]])]
        alter = ", ".join(f"{self.pick(['ALTER COLUMN', 'ALTER'])} {stray.column} {change}" for change in chosen)
        return f"ALTER TABLE {self.written_table(model)} {alter}"

    def move_stray(self, model):
        free = [stray for stray in model.strays if not stray.held]
        if not free:
            return None
        stray = self.pick(free)
        if self.chance(0.5):
            model.strays.remove(stray)
            return f"ALTER TABLE {self.written_table(model)} DROP COLUMN IF EXISTS {stray.column} CASCADE"
        old, stray.column = stray.column, self.fresh()
        return f"ALTER TABLE {self.written_table(model)} RENAME COLUMN {old} TO {stray.column}"

    def drop_identity(self, model):
        if model.parent or not model.named("id").kind.endswith("AutoField") or self.chance(0.5):
            return None
        return f"ALTER TABLE {self.written_table(model)} ALTER COLUMN id DROP IDENTITY IF EXISTS"

    def fill_by_trigger(self, model):
        choices = [stray for stray in model.strays if stray.default]
        if not choices or self.chance(0.5):
            return None
        stray, name = self.pick(choices), self.fresh()
        stray.held = True
        return (
            f"CREATE FUNCTION fill_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"NEW.{stray.column} := {stray.default}; RETURN NEW; END $$; "
            f"CREATE TRIGGER fill_{name} BEFORE INSERT ON {model.table} FOR EACH ROW EXECUTE FUNCTION fill_{name}()"
        )

    # The whole.

    def history(self):
        """The texts of all migrations."""
        steps = [
            (self.add_field, 6), (self.alter_field, 3), (self.rename_field, 2), (self.remove_field, 2),
            (self.remove_from_state_only, 2), (self.sql, 8), (self.create_model, 2), (self.rename_model, 1),
            (self.alter_table_name, 1), (self.delete_model, 1), (self.add_many_to_many, 1), (self.create_table_by_sql, 1),
        ]  # fmt: skip
        choices, weights = zip(*steps)
        first = [operation for _ in range(self.random.randint(3, 6)) for operation in self.create_model() or []]
        texts = [source.migration(1, first)]
        for number in range(2, self.random.randint(5, 15) + 1):
            wanted = self.random.randint(1, 4)
            operations = []
            while len(operations) < wanted:
                [step] = self.random.choices(choices, weights)
                operations += step() or []
            texts.append(source.migration(number, operations, atomic=self.chance(0.9)))
        return texts

    def remove_from_source(self):
        """The faults between models.py and the migrations: fields commented out, models deleted."""
        candidates = [field for model in self.models for field in model.own + model.many]
        self.absent = [field for field in candidates if self.chance(0.12)]
        self.log += [f"not in models.py: {field.name} ({field.source})" for field in self.absent]
        targets = [field.target for model in self.models for field in model.fields + model.many]
        alone = [model for model in self.models if model not in targets and not model.children]
        if alone and self.chance(0.2):
            gone = self.pick(alone)
            gone.removed_from_source = True
            self.log.append(f"not in models.py: model {gone.name}")
        base = self.base[1:] if len(self.base) > 1 and self.chance(0.3) else self.base
        if base is not self.base:
            self.log.append(f"not in models.py: {self.base[0].name} of the abstract base")
        return base


class Stray:
    """A column that no field of the migration state has; `default` is an expression of its type, None where the column
    is an identity, a serial or generated and is left alone."""

    def __init__(self, column, default):
        self.column = column
        self.default = default
        # A trigger writes it by name, and would break with another name.
        self.held = False

    @classmethod
    def of(cls, field):
        return cls(field.column, SQL_DEFAULTS.get(field.kind, "NULL"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", required=True)
    parser.add_argument("--django", required=True, help="the release series, as in 5.2")
    parser.add_argument("--out", required=True, help="an empty folder")
    options = parser.parse_args()
    generator = Generator(options.seed, options.django)
    migrations = generator.history()
    base = generator.remove_from_source()
    source.write(options.out, source.models_source(generator.models, generator.absent, base), migrations)
    print("\n".join(generator.log))


if __name__ == "__main__":
    main()
