"""Makes random projects and changes them at random; the same seed and version of Django give the same stages."""

import random

from project import App, Field, Model, Part, Project

DATE = "datetime.date(2020, 1, 2)"
# Kind, options, default; those of one family can be cast to each other on a server.
KINDS = [
    ("CharField", {"max_length": "20"}, "'x'", "text"),
    ("CharField", {"max_length": "SHORT"}, "''", "text"),
    ("CharField", {"max_length": "LONG", "db_collation": "'C'"}, "''", "text"),
    ("CharField", {"max_length": "9", "choices": "STATES"}, "'a'", "text"),
    ("CharField", {"max_length": "9", "choices": "State.choices"}, "State.OPEN", "text"),
    ("CharField", {"max_length": "max(len(v) for v in State.values) + 3", "choices": "State.choices"}, "State.SHUT", "text"),
    ("CharField", {"max_length": "3", "choices": "GROUPED"}, "'c'", "text"),
    ("texted", {}, "''", "text"),
    ("texted", {"length": "41"}, "''", "text"),
    ("TextField", {}, "''", "text"),
    ("SlugField", {}, "'s'", "text"),
    ("EmailField", {}, "'a@b.example'", "text"),
    ("URLField", {}, "''", "text"),
    ("FileField", {"upload_to": "'f'"}, "''", "text"),
    ("FilePathField", {"path": "'/'"}, "''", "text"),
    ("fields.CodeField", {}, "''", "text"),
    ("fields.CodeField", {"max_length": "34"}, "''", "text"),
    ("fields.FixedField", {}, "''", "text"),
    ("fields.ShortField", {}, "''", "text"),
    ("fields.LetterField", {}, "''", "text"),
    ("IntegerField", {}, "0", "number"),
    ("IntegerField", {"choices": "Rank.choices"}, "Rank.LOW", "number"),
    ("SmallIntegerField", {}, "nothing", "number"),
    ("BigIntegerField", {}, "2", "number"),
    ("PositiveIntegerField", {}, "3", "number"),
    ("PositiveSmallIntegerField", {}, "3", "number"),
    ("PositiveBigIntegerField", {}, "3", "number"),
    ("fields.SmallField", {}, "3", "number"),
    ("FloatField", {}, "1.5", "number"),
    ("DecimalField", {"max_digits": "7", "decimal_places": "2"}, "decimal.Decimal('1.5')", "number"),
    ("fields.MoneyField", {}, "0", "number"),
    ("BooleanField", {}, "False", "boolean"),
    ("DateField", {}, DATE, "date"),
    ("DateTimeField", {}, "timezone.now", "date"),
    ("DateTimeField", {"auto_now_add": "True"}, None, "date"),
    ("DateTimeField", {"auto_now": "True"}, None, "date"),
    ("TimeField", {}, "datetime.time(1, 2)", "time"),
    ("DurationField", {}, "datetime.timedelta(0)", "duration"),
    ("UUIDField", {}, "uuid.uuid4", "uuid"),
    ("JSONField", {}, "dict", "json"),
    ("BinaryField", {}, "b''", "binary"),
    ("GenericIPAddressField", {}, "'10.0.0.1'", "inet"),
    ("ArrayField", {"base": "models.CharField(max_length=5)"}, "list", "array"),
    ("ArrayField", {"base": "models.IntegerField()"}, "list", "array_number"),
]
FAMILY = {}
for _kind, _options, _default, _family in KINDS:
    FAMILY.setdefault(_kind, _family)
WORDS = ["note", "total", "state", "weight", "code", "owner", "label", "kind", "rank", "memo", "user", "order"]
MODELS = ["Order", "Invoice", "Parcel", "Basket", "Customer", "Voucher", "Shelf", "Refund", "Ticket", "Depot",
          "Quay", "Crane", "Vessel", "Berth", "Cargo", "Pilot", "Tide", "Buoy", "Harbour", "Mooring"]
APPS = ["shop", "stock", "crew"]


class Generator:
    def __init__(self, seed, version):
        self.random = random.Random(f"{seed} {version} drift")
        self.version = version
        self.names = list(MODELS)
        self.random.shuffle(self.names)
        self.counter = 0
        self.log = []
        # Only changes that a migration can make on a server (casts), while migrations are being made.
        self.migrated = True
        labels = APPS[: self.random.randint(1, 3)]
        layouts = ["module", "module", "package", "starred"]
        self.project = Project([App(label, self.pick(layouts)) for label in labels])
        self.project.auto_field = self.pick(["BigAutoField", "AutoField"])

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, choices):
        return self.random.choice(list(choices))

    def fresh(self, words=WORDS):
        self.counter += 1
        return f"{self.pick(words)}_{self.counter}"

    def models(self):
        return [model for app in self.project.apps for model in app.models]

    def begin(self):
        for app in self.project.apps:
            for _ in range(self.random.randint(0, 2)):
                base = Model(f"{self.fresh(['Base', 'Mixin', 'Stamped'])}".replace("_", ""), app, 0, abstract=True)
                base.fields = [self.field(app, base) for _ in range(self.random.randint(1, 2))]
                if app.bases and self.chance(0.3):
                    base.bases.append(app.bases[0])
                if self.chance(0.4):
                    columns = [entry for entry in base.fields if not entry.many]
                    base.indexes = [Part(f"Index(fields=['{columns[0].name}'], name='%(app_label)s_%(class)s_{self.counter}')", {columns[0].name})]
                app.bases.append(base)
        if self.chance(0.25):
            app = self.project.apps[0]
            user = self.add_model(app)
            user.swaps_user, user.parent, user.bases = True, None, []
            user.meta.pop("managed", None), user.meta.pop("proxy", None)
            user.fields.insert(0, Field("login", "CharField", {"max_length": "50", "unique": "True"}))
            user.fields = [entry for entry in user.fields if entry.options.get("primary_key") is None]
            self.project.user = f"{app.label}.{user.name}"
        for _ in range(self.random.randint(3, 7)):
            self.add_model(self.pick(self.project.apps))

    # Parts

    def simple(self, family=None):
        kind, options, default, _ = self.pick([kind for kind in KINDS if family is None or kind[3] == family])
        options = dict(options)
        if self.chance(0.3):
            options["null"] = "True"
        if default and self.chance(0.35):
            options["default"] = default
        elif default and self.version >= (5, 0) and self.chance(0.2) and "(" not in default and not default[0].isupper():
            if default not in ("timezone.now", "uuid.uuid4", "dict", "list", "nothing") and kind not in ("BinaryField", "FileField"):
                options["db_default"] = default
        if self.chance(0.15) and "auto_now" not in options:
            options["unique"] = "True"
        elif self.chance(0.15) and kind != "JSONField":
            options["db_index"] = "True"
        if kind == "SlugField" and self.chance(0.3):
            options["db_index"] = "False"
        if self.chance(0.15):
            options[self.pick(["help_text", "verbose_name"])] = "'said'"
        if self.chance(0.1):
            options["blank"] = "True"
        return kind, options

    def field(self, app, model, name=None):
        name = name or self.fresh()
        targets = [other for other in self.models() if other is not model and other.meta.get("proxy") is None
                   and self.reaches(app, other)]
        if self.chance(0.3) and (targets or not model.abstract):
            return self.relation(app, model, name, targets)
        kind, options = self.simple()
        if self.chance(0.1):
            options["db_column"] = f"'{name}_c'" if self.chance(0.7) else f"'{name.title()} C'"
        return Field(name, kind, options)

    def reaches(self, app, other):
        """Apps point at earlier apps only, so that initial migrations never go round in a circle."""
        return self.project.apps.index(other.app) <= self.project.apps.index(app) and other.meta.get("managed") is None

    def relation(self, app, model, name, targets):
        many = self.chance(0.3) and not model.abstract
        choices = list(targets) + ([] if model.abstract else ["self"])
        if self.project.user is None and not many:
            choices.append("user")
        to = self.pick(choices)
        if many:
            options = {"related_name": "'+'"} if to != "self" else {}
            if to == "self" and self.chance(0.5):
                options["symmetrical"] = "False"
            if self.chance(0.15):
                options["db_table"] = f"'joined_{name}'"
            return Field(name, "ManyToManyField", options, to)
        kind = self.pick(["ForeignKey", "ForeignKey", "OneToOneField", "fields.ParentKey", "keyed"])
        options = {} if kind == "keyed" else {"related_name": "'+'"}
        if self.chance(0.5):
            options["null"] = "True"
            if self.chance(0.3) and kind != "keyed":
                options["on_delete"] = "models.SET_NULL"
        if kind != "OneToOneField" and self.chance(0.2):
            options["db_index"] = "False"
        if self.chance(0.15):
            options["db_constraint"] = "False"
        if self.chance(0.1):
            options["db_column"] = f"'{name}_ref'"
        return Field(name, kind, options, to)

    def generated(self, model):
        numbers = [entry for entry in model.fields if FAMILY.get(entry.kind) == "number" and "null" not in entry.options]
        if self.version < (5, 0) or not numbers:
            return None
        source = self.pick(numbers)
        options = {"expression": f"F('{source.name}') * 2", "output_field": "models.FloatField()", "db_persist": "True"}
        field = Field(self.fresh(), "GeneratedField", options)
        model.together.append((source.name, field.name)) if self.chance(0.2) else None
        return field

    def index(self, model):
        columns = self.usable(model)
        if not columns:
            return None
        first = self.pick(columns)
        second = self.pick(columns)
        name = f"ix_{self.fresh()}"
        text = [entry for entry in columns if FAMILY.get(entry.kind) == "text"]
        fields = [first.name] if first is second else [first.name, second.name]
        form = self.random.randint(0, 8)
        needs = set(fields)
        if form == 0:
            source = f"Index(fields={fields!r})"
        elif form == 1:
            source = f"Index(fields=['-{first.name}'], name='{name}')"
            needs = {first.name}
        elif form == 2 and text:
            entry = self.pick(text)
            source, needs = f"Index({self.pick(['Lower', 'Upper'])}('{entry.name}'), name='{name}')", {entry.name}
        elif form == 3:
            source = f"Index(fields={fields!r}, name='{name}', condition=Q({first.name}__isnull=False))"
        elif form == 4 and first is not second:
            source = f"Index(fields=['{first.name}'], include=['{second.name}'], name='{name}')"
        elif form == 5 and FAMILY.get(first.kind) == "json" or form == 5 and FAMILY.get(first.kind) == "array":
            source, needs = f"GinIndex(fields=['{first.name}'], name='{name}')", {first.name}
        elif form == 6 and text:
            entry = self.pick(text)
            source, needs = f"Index(fields=['{entry.name}'], opclasses=['varchar_pattern_ops'], name='{name}')", {entry.name}
        elif form == 7:
            source, needs = f"HashIndex(fields=['{first.name}'], name='{name}')", {first.name}
        elif form == 8 and FAMILY.get(first.kind) == "number":
            source, needs = f"Index(F('{first.name}').desc(nulls_last=True), name='{name}')", {first.name}
        else:
            source = f"Index(fields={fields!r}, name='{name}')"
        return Part(source, needs)

    def usable(self, model):
        """Fields that B-tree, hash and CHECK take without ado."""
        return [entry for entry in model.columned() if entry.kind not in ("JSONField", "GeneratedField", "ArrayField")
                and "primary_key" not in entry.options]

    def constraint(self, model):
        columns = self.usable(model)
        if not columns:
            return None
        name = f"ck_{self.fresh()}"
        numbers = [entry for entry in columns if FAMILY.get(entry.kind) == "number"]
        text = [entry for entry in columns if FAMILY.get(entry.kind) == "text"]
        check = "condition" if self.version >= (5, 1) else "check"
        first, second = self.pick(columns), self.pick(columns)
        fields = [first.name] if first is second else [first.name, second.name]
        form = self.random.randint(0, 8)
        if form == 0:
            return Part(f"UniqueConstraint(fields={fields!r}, name='{name}')", set(fields))
        if form == 1:
            return Part(f"UniqueConstraint(fields={fields!r}, name='{name}', condition=Q({first.name}__isnull=True))", set(fields))
        if form == 2:
            return Part(f"UniqueConstraint(fields={fields!r}, name='{name}', deferrable=Deferrable.DEFERRED)", set(fields))
        if form == 3 and text:
            entry = self.pick(text)
            return Part(f"UniqueConstraint(Lower('{entry.name}'), name='{name}')", {entry.name})
        if form == 4 and first is not second:
            return Part(f"UniqueConstraint(fields=['{first.name}'], include=['{second.name}'], name='{name}')", set(fields))
        if form == 5 and text:
            entry = self.pick(text)
            return Part(f"CheckConstraint({check}=Q({entry.name}__in=['a', 'b']), name='{name}')", {entry.name})
        if form == 6 and len(numbers) > 1:
            one, two = numbers[0], numbers[-1]
            return Part(f"CheckConstraint({check}=Q({one.name}__gt=F('{two.name}')) | Q({one.name}=0), name='{name}')", {one.name, two.name})
        if form == 7 and self.version >= (5, 0) and len(fields) > 1:
            return Part(f"UniqueConstraint(fields={fields!r}, name='{name}', nulls_distinct=False)", set(fields))
        if numbers:
            entry = self.pick(numbers)
            return Part(f"CheckConstraint({check}=Q({entry.name}__gte=0) & ~Q({entry.name}=7), name='{name}')", {entry.name})
        return Part(f"CheckConstraint({check}=Q({first.name}__isnull=False), name='{name}')", {first.name})

    # Changes: each returns a line for the log, or None where it cannot be made.

    def add_model(self, app=None):
        if not self.names:
            return None
        app = app or self.pick(self.project.apps)
        self.counter += 1
        model = Model(self.names.pop(), app, self.counter)
        parents = [other for other in app.models if not other.meta.get("managed") and not other.swaps_user
                   and not other.meta.get("proxy")]
        roll = self.random.random()
        if parents and roll < 0.15:
            model.parent = self.pick(parents)
        elif parents and roll < 0.22:
            model.parent = self.pick(parents)
            model.meta["proxy"] = "True"
            app.models.append(model)
            return model
        elif app.bases and roll < 0.6:
            base = self.pick(app.bases)
            model.bases = [base]
            if base.indexes and self.chance(0.5) and not base.bases:
                model.meta_base = base
        if model.parent is None and self.chance(0.3):
            kind, options = self.pick([
                ("UUIDField", {"default": "uuid.uuid4"}), ("CharField", {"max_length": "12"}), ("AutoField", {}),
                ("BigAutoField", {}), ("SmallAutoField", {}), ("IntegerField", {}),
            ])
            model.fields.append(Field(self.pick(["id", "key"]), kind, {"primary_key": "True", **options}))
        for _ in range(self.random.randint(1, 6)):
            model.fields.append(self.field(app, model))
        generated = self.generated(model) if self.chance(0.3) else None
        if generated:
            model.fields.append(generated)
        self.decorate(model)
        app.models.append(model)
        return model

    def decorate(self, model):
        if self.chance(0.15):
            model.meta["db_table"] = f"'legacy_{model.name.lower()}'"
        if self.chance(0.08):
            model.meta["managed"] = "False"
            return
        if self.chance(0.1):
            model.meta["db_table_comment"] = "'said'"
        for chance, make, place in ((0.4, self.index, model.indexes), (0.4, self.constraint, model.constraints)):
            while self.chance(chance) and model.meta_base is None:
                part = make(model)
                if part:
                    place.append(part)
        own = [entry for entry in self.usable(model) if entry in model.fields]
        if len(own) > 1 and self.chance(0.2):
            model.together.append((own[0].name, own[1].name))
        keys = [entry for entry in model.fields if entry.to is not None and not entry.many and entry.to not in ("user",)]
        if keys and self.chance(0.15):
            model.meta["order_with_respect_to"] = f"'{keys[0].name}'"

    def real(self):
        return [model for model in self.models() if not model.meta.get("proxy")]

    def add_field(self):
        model = self.pick(self.real())
        field = self.field(model.app, model)
        model.fields.append(field)
        return f"added {model.name}.{field.name}: {field.source(model.app, model)}"

    def add_base_field(self):
        bases = [base for app in self.project.apps for base in app.bases]
        if not bases:
            return None
        base = self.pick(bases)
        kind, options = self.simple()
        base.fields.append(Field(self.fresh(), kind, options))
        return f"added {base.name}.{base.fields[-1].name} ({kind})"

    def owner(self):
        owners = [model for model in self.real() + [base for app in self.project.apps for base in app.bases]
                  if any(self.removable(model, entry) for entry in model.fields)]
        return self.pick(owners) if owners else None

    def removable(self, model, entry):
        used = entry.name == "login" or "primary_key" in entry.options or entry.name in model.meta.get("order_with_respect_to", "")
        read = any(entry.name in other.options.get("expression", "") for other in model.fields)
        return not (used or read)

    def remove_field(self):
        model = self.owner()
        if model is None:
            return None
        field = self.pick([entry for entry in model.fields if self.removable(model, entry)])
        model.fields.remove(field)
        self.forget(model, field.name)
        return f"removed {model.name}.{field.name}: {field.source(model.app, model)}"

    def heirs(self, base):
        below = [model for app in self.project.apps for model in app.models + app.bases if base in model.bases]
        return [base] + [heir for model in below for heir in self.heirs(model)]

    def forget(self, model, name):
        for heir in self.heirs(model):
            heir.indexes[:] = [part for part in heir.indexes if name not in part.fields]
            heir.constraints[:] = [part for part in heir.constraints if name not in part.fields]
            heir.together[:] = [names for names in heir.together if name not in names]
        model.meta_base = None if not model.indexes else model.meta_base
        for heir in self.heirs(model):
            if heir.meta_base is not None and not heir.meta_base.indexes:
                heir.meta_base = None

    def rename_field(self):
        model = self.owner()
        if model is None:
            return None
        field = self.pick([entry for entry in model.fields if self.removable(model, entry)])
        old, field.name = field.name, self.fresh()
        self.forget(model, old)
        return f"renamed {model.name}.{old} to {field.name}: {field.source(model.app, model)}"

    def change_option(self):
        model = self.owner()
        if model is None:
            return None
        field = self.pick([entry for entry in model.fields if self.removable(model, entry)])
        if field.many or field.kind == "GeneratedField":
            return None
        options = field.options
        option = self.pick(["null", "unique", "db_index", "max_length", "db_column", "help_text", "db_constraint", "default"])
        if option == "max_length":
            if "max_length" not in options or field.kind == "fields.FixedField":
                return None
            options["max_length"] = str(self.random.randint(10, 90))
        elif option == "db_column":
            options["db_column"] = f"'{self.fresh()}'"
        elif option == "db_constraint":
            if field.to is None:
                return None
            options["db_constraint"] = "True" if options.get("db_constraint") == "False" else "False"
        elif option in ("help_text", "default"):
            if option == "default" and ("default" not in options):
                return None
            if option == "default" and "db_default" not in options:
                del options["default"]
            else:
                options["help_text"] = "'said again'"
        elif option == "unique" and (field.kind == "OneToOneField" or "auto_now" in options):
            return None
        elif option == "db_index" and (field.kind in ("JSONField", "OneToOneField")):
            return None
        else:
            default = "True" if option == "db_index" and (field.to is not None or field.kind == "SlugField") else "False"
            options[option] = "False" if options.get(option, default) == "True" else "True"
            if option == "null" and options[option] == "False" and options.get("on_delete") == "models.SET_NULL":
                del options["on_delete"]
        return f"changed {option} of {model.name}.{field.name}: {field.source(model.app, model)}"

    def change_type(self):
        model = self.owner()
        if model is None:
            return None
        field = self.pick([entry for entry in model.fields if self.removable(model, entry)])
        used = any(field.name in part.fields for heir in self.heirs(model) for part in heir.indexes + heir.constraints)
        if field.to is not None or field.kind not in FAMILY or used:
            return None
        family = FAMILY[field.kind] if self.migrated or self.chance(0.6) else None
        if family in ("array", "array_number"):
            return None
        before = field.source(model.app, model)
        field.kind, field.options = self.simple(family)
        return f"changed {model.name}.{field.name} from {before} to {field.source(model.app, model)}"

    def change_relation(self):
        found = [(model, entry) for model in self.real() for entry in model.fields
                 if entry.to is not None and not entry.many and self.removable(model, entry)]
        if not found:
            return None
        model, field = self.pick(found)
        before = field.source(model.app, model)
        if self.chance(0.5):
            field.kind = "OneToOneField" if field.kind != "OneToOneField" else "ForeignKey"
            field.options.pop("db_index", None), field.options.pop("unique", None)
            field.options["related_name"] = "'+'"
        else:
            # Keys of different types cannot be cast, which a migration would have to do.
            choices = [other for other in self.real() if other.app is model.app and other is not model
                       and not any("primary_key" in entry.options for entry in other.fields) and other.parent is None
                       and not other.meta.get("managed")]
            alike = field.to in ("self", "user") or field.to.parent is None and not any("primary_key" in entry.options for entry in field.to.fields)
            if not choices or (self.migrated and not alike):
                return None
            field.to = self.pick(choices)
        return f"changed {model.name}.{field.name} from {before} to {field.source(model.app, model)}"

    def change_part(self):
        managed = [model for model in self.real() if not model.meta.get("managed")]
        model = self.pick(managed)
        if model.meta_base is not None:
            return None
        place, make = self.pick([(model.indexes, self.index), (model.constraints, self.constraint)])
        if place and self.chance(0.5):
            part = place.pop(self.random.randrange(len(place)))
            return f"removed from {model.name}: {part.source}"
        part = make(model)
        if part is None:
            return None
        place.append(part)
        return f"added to {model.name}: {part.source}"

    def change_together(self):
        model = self.pick([model for model in self.real() if not model.meta.get("managed")])
        if model.together:
            return f"removed from {model.name}: unique_together {model.together.pop()}"
        own = [entry for entry in self.usable(model) if entry in model.fields]
        if len(own) < 2:
            return None
        model.together.append((own[0].name, own[-1].name))
        return f"added to {model.name}: unique_together {model.together[-1]}"

    def change_table(self):
        model = self.pick(self.real())
        model.meta["db_table"] = f"'moved_{self.fresh()}'"
        return f"changed db_table of {model.name} to {model.meta['db_table']}"

    def change_order(self):
        model = self.pick(self.real())
        if model.meta.pop("order_with_respect_to", None):
            return f"removed order_with_respect_to of {model.name}"
        keys = [entry for entry in model.fields if entry.to is not None and not entry.many]
        if not keys:
            return None
        model.meta["order_with_respect_to"] = f"'{keys[0].name}'"
        return f"added order_with_respect_to to {model.name}"

    def change_noise(self):
        model = self.pick(self.real())
        model.meta[self.pick(["verbose_name", "verbose_name_plural"])] = f"'{self.fresh()}'"
        return f"changed verbose_name of {model.name}"

    def remove_model(self):
        leaves = [model for model in self.models() if not self.is_used(model)]
        if len(leaves) < 2:
            return None
        model = self.pick(leaves)
        model.app.models.remove(model)
        return f"removed {model.name}"

    def rename_model(self):
        if not self.names:
            return None
        choices = [model for model in self.real() if not model.swaps_user and model.meta.get("managed") is None]
        if not choices:
            return None
        model = self.pick(choices)
        old, model.name = model.name, self.names.pop()
        return f"renamed {old} to {model.name}"

    def is_used(self, model):
        pointed = any(entry.to is model for other in self.models() + [base for app in self.project.apps for base in app.bases]
                      for entry in other.fields)
        return pointed or model.swaps_user or any(other.parent is model for other in self.models())

    def another_model(self):
        model = self.add_model()
        return model and f"added model {model.name}"

    def change(self):
        changes = [
            (self.add_field, 5), (self.remove_field, 4), (self.rename_field, 2), (self.change_option, 8), (self.change_type, 5),
            (self.change_relation, 3), (self.change_part, 6), (self.change_together, 2), (self.change_table, 1),
            (self.change_order, 1), (self.change_noise, 1), (self.remove_model, 1), (self.rename_model, 1),
            (self.another_model, 1), (self.add_base_field, 2),
        ]
        for _ in range(20):
            [(change, _)] = self.random.choices(changes, [weight for _, weight in changes])
            line = change()
            if line:
                return line
        return "nothing"


def stages(seed, version):
    """The stages of a project: its files, what was changed, and whether `makemigrations` runs then."""
    generator = Generator(seed, version)
    generator.begin()
    before = generator.project.files()
    found = [(before, [], True)]
    rounds = generator.random.randint(0, 3)
    for number in range(rounds + 1):
        generator.migrated = number < rounds
        # Every fourth project is in step with its migrations.
        if number == rounds and generator.chance(0.25):
            changes = []
        else:
            changes = [generator.change() for _ in range(generator.random.randint(1, 4))]
        files = generator.project.files()
        gone = {path: None for path in before if path not in files}
        found.append((files | gone, [f"{'migrated' if generator.migrated else 'drifted'}: {line}" for line in changes], generator.migrated))
        before = files
    return found
