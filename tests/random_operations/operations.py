"""What a migration may do next, by what there is."""

import datetime
import decimal
import uuid

import django
from django.contrib.postgres import indexes as postgres_indexes
from django.contrib.postgres import operations as postgres
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Upper

V5_0, V5_1, V5_2 = (django.VERSION >= (5, minor) for minor in range(3))
APPS = ["alpha", "beta", "gamma"]
MODELS = [
    "Badger", "Heron", "OtterDen", "fox", "Stoat", "Vole", "RedKite", "Lynx", "Mole", "Wren", "Ibex", "Newt",
    "AnimalWithANameThatIsLongEnoughToBeCutByTheServerWhenDjangoPutsItIntoNames",
    "TheOtherAnimalWhoseNameGoesOnAndOnUntilNobodyListens",
]
FIELDS = [
    "name", "age", "weight", "note", "born", "owner", "parent", "code", "rank", "colour", "Size", "is_tame", "price",
    "friends", "home", "order", "group", "token", "span",
    "a_field_with_a_name_that_is_long_enough_to_make_every_index_name_be_cut",
]
WORDS = ["red", "it's", "100%", "", "a\\b", "ünïcode", 'quo"te']


class Operations:
    def __init__(self, project):
        self.project = project
        self.random = project.random
        self.count = 0
        self.not_valid = []
        self.collations = []

    # What there is.

    @property
    def state(self):
        return self.project.state

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}_{self.count}"

    def maybe(self, chance=0.3):
        return self.random.random() < chance

    def pick(self, options):
        options = list(options)
        return self.random.choice(options) if options else None

    def models_of(self, app_label):
        return [model for (app, _), model in sorted(self.state.models.items()) if app == app_label]

    def concrete_models(self, app_label=None):
        return [
            model
            for (app, _), model in sorted(self.state.models.items())
            if (app_label is None or app == app_label) and not model.options.get("proxy")
        ]

    def columns(self, model, *kinds):
        """Names of the fields with a column of the model's own table."""
        return [
            name
            for name, field in model.fields.items()
            if not field.many_to_many
            and not isinstance(field, generated())
            and (not kinds or isinstance(field, kinds))
        ]

    # Fields.

    def common(self, unique=True):
        options = {}
        if self.maybe(0.5):
            options["null"] = True
        if unique and self.maybe(0.2):
            options["unique"] = True
        elif self.maybe(0.2):
            options["db_index"] = True
        if self.maybe(0.15):
            options["db_column"] = self.pick(["col", "Mixed Case", "x" * 60, "order", "per%cent"])
        if self.maybe(0.15):
            options["db_comment"] = self.pick(WORDS)
        if self.maybe(0.05):
            options["db_tablespace"] = "pg_default"
        return options

    def scalar(self):
        make = self.pick(
            [
                lambda o: models.CharField(max_length=self.pick([5, 20, 255]), **self.text_default(o)),
                lambda o: models.CharField(max_length=self.pick([20, 40]), **self.text_default(o)),
                lambda o: models.TextField(**self.text_default(o)),
                lambda o: models.SlugField(**{"max_length": 30, **self.text_default(o)}),
                lambda o: models.IntegerField(**self.default(o, self.random.randint(-9, 9))),
                lambda o: models.BigIntegerField(**self.default(o, 7)),
                lambda o: models.SmallIntegerField(**self.default(o, 7)),
                lambda o: models.PositiveIntegerField(**self.default(o, self.random.randint(0, 9))),
                lambda o: models.PositiveSmallIntegerField(**self.default(o, 3)),
                lambda o: models.FloatField(**self.default(o, 1.5)),
                lambda o: models.DecimalField(
                    max_digits=self.pick([6, 9]), decimal_places=2, **self.default(o, decimal.Decimal("1.50"))
                ),
                lambda o: models.BooleanField(**self.default(o, self.maybe(0.5))),
                lambda o: models.DateField(**self.default(o, datetime.date(2020, 2, 29))),
                lambda o: models.DateTimeField(**self.pick([{"auto_now_add": True, **o}, o])),
                lambda o: models.DurationField(**self.default(o, datetime.timedelta(hours=1))),
                lambda o: models.UUIDField(**self.default(o, uuid.UUID(int=5))),
                lambda o: models.JSONField(**self.default(without_unique(o), dict)),
                lambda o: models.GenericIPAddressField(**o),
                lambda o: models.BinaryField(**o),
                lambda o: models.EmailField(**o),
                lambda o: ArrayField(models.IntegerField(), **self.default(o, list)),
                lambda o: IntegerRangeField(**o),
                lambda o: DateRangeField(**o),
            ]
        )
        return make(self.common())

    def text_default(self, options):
        return self.default(options, self.pick(["", "red", "it's"]))

    def default(self, options, value):
        if self.maybe(0.6):
            options["default"] = value
        elif V5_0 and self.maybe(0.3) and not callable(value):
            options["db_default"] = value
        return options

    def target(self):
        model = self.pick(self.concrete_models())
        return f"{model.app_label}.{model.name}" if model else None

    def relation(self):
        to = self.pick([self.target(), "self"]) or "self"
        options = {"related_name": self.pick(["+", self.fresh("back"), self.fresh("back")])}
        kind = self.pick([models.ForeignKey, models.ForeignKey, models.OneToOneField, models.ManyToManyField])
        if kind is models.ManyToManyField:
            if self.maybe(0.2):
                options["db_table"] = self.fresh("joined")
            elif self.maybe(0.1):
                options["db_constraint"] = False
            elif self.maybe(0.15) and (through := self.through(to)):
                return kind(to=to, **through, **options)
            return kind(to=to, **options)
        if self.maybe(0.7):
            options["null"] = True
        if self.maybe(0.15):
            options["db_constraint"] = False
        if self.maybe(0.15):
            options["db_index"] = False
        if self.maybe(0.15):
            options["db_column"] = self.fresh("key")
        if self.maybe(0.1):
            options["db_comment"] = "points"
        if to != "self" and self.maybe(0.3):
            target = self.state.models[tuple(to.lower().split("."))]
            unique = [name for name, field in target.fields.items() if field.unique and not field.primary_key]
            if unique:
                options["to_field"] = self.pick(unique)
        return kind(to=to, on_delete=models.CASCADE, **options)

    def through(self, to):
        """A model of the right make to stand between; both sides are the same then."""
        for model in self.concrete_models():
            keys = [
                name
                for name, field in model.fields.items()
                if isinstance(field, models.ForeignKey) and str(field.remote_field.model).lower() == to.lower()
            ]
            if len(keys) > 1:
                return {"through": f"{model.app_label}.{model.name}", "through_fields": tuple(keys[:2])}
        return None

    def field(self):
        return self.relation() if self.maybe(0.35) else self.scalar()

    # Indexes and constraints.

    def condition(self, model):
        fields = [name for name in self.columns(model) if model.fields[name].null]
        numbers = self.columns(model, models.IntegerField)
        texts = self.columns(model, models.CharField)
        choices = [Q(**{f"{name}__isnull": self.maybe(0.5)}) for name in fields]
        choices += [Q(**{f"{name}__{lookup}": 4}) for name in numbers for lookup in ("gt", "lte", "exact")]
        choices += [Q(**{name: word}) for name in texts for word in ("red", "it's", "100%")]
        choices += [Q(**{f"{name}__in": ["a", "b%"]}) for name in texts]
        choice = self.pick(choices)
        if choice is not None and self.maybe(0.3):
            other = self.pick(choices)
            choice = self.pick([choice | other, choice & other, ~choice, ~choice | other])
        return choice

    def some(self, names, most=3):
        names = list(names)
        return self.random.sample(names, min(len(names), self.random.randint(1, most))) if names else []

    def index(self, model, named=True):
        columns = self.columns(model)
        if not columns:
            return None
        options = {"name": self.fresh("idx")} if named or self.maybe(0.6) else {}
        if self.maybe(0.25) and "name" in options:
            options["condition"] = self.condition(model)
        if self.maybe(0.1):
            options["db_tablespace"] = "pg_default"
        kind = self.pick(
            [models.Index, models.Index, models.Index, "expression", "opclass", "btree", "hash", "brin", "gin", "gist", "bloom", "wrapped"]
        )
        if "condition" in options and options["condition"] is None:
            del options["condition"]
        fields = [self.pick(["", "", "-"]) + name for name in self.some(columns)]
        if kind == "expression" and "name" in options:
            texts = self.columns(model, models.CharField, models.TextField)
            if texts:
                name = self.pick(texts)
                expression = self.pick(
                    [Lower(name), Upper(name).desc(), Length(name), F(name).desc(nulls_last=True), Lower(name).asc(nulls_first=True)]
                )
                return models.Index(expression, **options)
        if kind == "opclass" and "name" in options:
            texts = self.columns(model, models.CharField)
            if texts:
                return models.Index(fields=[self.pick(texts)], opclasses=["varchar_pattern_ops"], **options)
        if kind == "btree":
            extra = {"fillfactor": 70} if self.maybe(0.5) else {}
            if V5_0 and self.maybe(0.5):
                extra["deduplicate_items"] = self.maybe(0.5)
            return postgres_indexes.BTreeIndex(fields=fields, **options, **extra)
        if kind == "bloom":
            numbers = self.some(name for name in columns if type(model.fields[name]) is models.IntegerField)
            if numbers:
                extra = self.pick([{}, {"length": 96}, {"length": 80, "columns": [4] * len(numbers)}])
                return postgres_indexes.BloomIndex(fields=numbers, **options, **extra)
        if kind == "wrapped" and "name" in options:
            texts = self.columns(model, models.CharField, models.TextField)
            if texts:
                wrapped = postgres_indexes.OpClass(Lower(self.pick(texts)), name="text_pattern_ops")
                if self.maybe(0.4):
                    wrapped = postgres_indexes.OpClass(Upper(self.pick(texts)), name="gin_trgm_ops")
                    return postgres_indexes.GinIndex(wrapped, **options)
                return models.Index(wrapped, F(self.pick(columns)).desc(), **options)
        if kind == "hash":
            extra = {"fillfactor": 60} if self.maybe(0.5) else {}
            return postgres_indexes.HashIndex(fields=[self.pick(columns)], **options, **extra)
        if kind == "brin":
            extra = self.pick([{}, {"pages_per_range": 4}, {"autosummarize": True}, {"autosummarize": False, "pages_per_range": 8}])
            return postgres_indexes.BrinIndex(fields=[name.lstrip("-") for name in fields], **options, **extra)
        if kind == "gin":
            arrays = self.columns(model, ArrayField, models.JSONField)
            if arrays:
                extra = self.pick([{}, {"fastupdate": False}, {"gin_pending_list_limit": 128, "fastupdate": True}])
                return postgres_indexes.GinIndex(fields=[self.pick(arrays)], **options, **extra)
        if kind == "gist":
            ranges = self.columns(model, IntegerRangeField, DateRangeField)
            if ranges:
                extra = self.pick([{}, {"buffering": True}, {"fillfactor": 50, "buffering": False}])
                make = self.pick([postgres_indexes.GistIndex, postgres_indexes.SpGistIndex])
                if make is postgres_indexes.SpGistIndex:
                    extra.pop("buffering", None)
                return make(fields=[self.pick(ranges)], **options, **extra)
        if "name" in options and self.maybe(0.2):
            options["include"] = self.some(columns, 2)
        return models.Index(fields=fields, **options)

    def constraint(self, model):
        columns = self.columns(model)
        if not columns:
            return None
        name = self.fresh(self.pick(["uq", "ck", "%(app_label)s_%(class)s", "c" * 58]))
        kind = self.pick(["check", "unique", "unique", "unique", "exclusion"])
        condition = self.condition(model)
        if kind == "check":
            if condition is None:
                return None
            extra = {"violation_error_message": "no"} if self.maybe(0.2) else {}
            key = "condition" if V5_1 else "check"
            return models.CheckConstraint(name=name, **{key: condition}, **extra)
        if kind == "exclusion":
            ranges = self.columns(model, IntegerRangeField, DateRangeField)
            if not ranges:
                return None
            options = {}
            if self.maybe(0.3):
                options["deferrable"] = self.pick(models.Deferrable)
            if self.maybe(0.3) and condition is not None:
                options["condition"] = condition
            if self.maybe(0.3):
                options["index_type"] = self.pick(["GIST", "SPGIST"])
            if self.maybe(0.2):
                options["include"] = self.some(columns, 1)
            expressions = [(self.pick(ranges), self.pick(["&&", "="]))]
            numbers = self.columns(model, models.IntegerField)
            if numbers and self.maybe(0.4):
                wrapped = postgres_indexes.OpClass(self.pick(numbers), name="gist_int4_ops")
                expressions.append((self.pick([self.pick(numbers), F(self.pick(numbers)) + 1, wrapped]), "="))
            return ExclusionConstraint(name=name, expressions=expressions, **options)
        options = {}
        texts = self.columns(model, models.CharField, models.TextField)
        if texts and self.maybe(0.2):
            return models.UniqueConstraint(self.pick([Lower, Upper])(self.pick(texts)), name=name)
        if condition is not None and self.maybe(0.3):
            options["condition"] = condition
        elif self.maybe(0.2):
            options["deferrable"] = self.pick(models.Deferrable)
        if "deferrable" not in options and self.maybe(0.2):
            options["include"] = self.some(columns, 2)
        exact = [name for name in columns if type(model.fields[name]) is models.CharField]
        if exact and self.maybe(0.1):
            options.pop("deferrable", None)
            return models.UniqueConstraint(
                fields=[self.pick(exact)], name=name, opclasses=["varchar_pattern_ops"], **options
            )
        if V5_0 and self.maybe(0.2):
            options["nulls_distinct"] = self.maybe(0.3)
        return models.UniqueConstraint(fields=self.some(columns), name=name, **options)

    # Operations. Each gives one, or None where there is nothing to do it to.

    def create_model(self, app_label):
        taken = {model.name_lower for model in self.models_of(app_label)}
        name = self.pick([name for name in MODELS if name.lower() not in taken])
        if name is None:
            return None
        options, bases, fields = {}, (models.Model,), []
        if self.maybe(0.2):
            options["db_table"] = self.fresh(self.pick(["table", "Mixed Table", "t" * 59]))
        if self.maybe(0.15):
            options["db_table_comment"] = self.pick(WORDS)
        if self.maybe(0.08):
            options["db_tablespace"] = "pg_default"
        parents = self.concrete_models()
        if parents and self.maybe(0.2):
            parent = self.pick(parents)
            bases = (f"{parent.app_label}.{parent.name_lower}",)
            if self.maybe(0.3):
                options = {"proxy": True, "indexes": [], "constraints": []}
                return migrations.CreateModel(name, [], options, bases)
            link = models.OneToOneField(
                to=bases[0],
                on_delete=models.CASCADE,
                parent_link=True,
                auto_created=True,
                primary_key=True,
                serialize=False,
            )
            fields.append((f"{parent.name_lower}_ptr", link))
        elif self.maybe(0.85):
            kind = self.pick([models.BigAutoField, models.AutoField, models.SmallAutoField])
            fields.append(("id", kind(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")))
        elif self.maybe(0.5):
            fields.append(("code", models.CharField(max_length=9, primary_key=True, serialize=False)))
        if self.maybe(0.04):
            options["managed"] = False
        for field_name in self.some(FIELDS, 6):
            if field_name not in dict(fields):
                fields.append((field_name, self.field()))
        probe = Probe(fields)
        if self.maybe(0.2) and probe.columns():
            options["unique_together"] = {tuple(sorted(self.some(probe.columns(), 2)))}
        if not V5_1 and self.maybe(0.2) and probe.columns():
            options["index_together"] = {tuple(sorted(self.some(probe.columns(), 2)))}
        if self.maybe(0.2):
            options["indexes"] = [index for index in [self.index(probe)] if index and index.name]
        if self.maybe(0.2):
            options["constraints"] = [constraint for constraint in [self.constraint(probe)] if constraint]
        keys = [name for name, field in fields if isinstance(field, models.ForeignKey)]
        if keys and self.maybe(0.15):
            options["order_with_respect_to"] = self.pick(keys)
        return migrations.CreateModel(name, fields, options, bases)

    def delete_model(self, app_label):
        model = self.pick(self.models_of(app_label))
        return model and migrations.DeleteModel(model.name)

    def rename_model(self, app_label):
        model = self.pick(self.models_of(app_label))
        taken = {other.name_lower for other in self.models_of(app_label)}
        name = self.pick([name for name in MODELS if name.lower() not in taken])
        if model and self.maybe(0.15):
            name = model.name.swapcase()
        return model and name and migrations.RenameModel(model.name, name)

    def alter_model_table(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        table = self.pick([None, self.fresh("renamed"), self.fresh("Mixed Table"), self.fresh("t" * 59)])
        return model and migrations.AlterModelTable(model.name, table)

    def alter_comment(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        return model and migrations.AlterModelTableComment(model.name, self.pick([None, *WORDS]))

    def alter_unique_together(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        groups = model and {tuple(sorted(self.some(self.columns(model), 3))) for _ in range(2)}
        groups = {group for group in groups or () if len(group) > 1}
        return model and migrations.AlterUniqueTogether(model.name, self.pick([groups, groups, set(), None]))

    def alter_index_together(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        if V5_1 or not model:
            return None
        groups = {tuple(sorted(self.some(self.columns(model), 3))) for _ in range(2)}
        groups = {group for group in groups if len(group) > 1}
        return migrations.AlterIndexTogether(model.name, self.pick([groups, groups, set(), None]))

    def alter_order(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        if not model:
            return None
        keys = self.columns(model, models.ForeignKey)
        return migrations.AlterOrderWithRespectTo(model.name, self.pick([*keys, None]))

    def alter_options(self, app_label):
        model = self.pick(self.models_of(app_label))
        options = self.pick([{}, {"ordering": ["pk"]}, {"verbose_name": "beast"}, {"default_related_name": self.fresh("all")}])
        if self.maybe(0.1):
            options["managed"] = self.maybe(0.5)
        return model and migrations.AlterModelOptions(model.name, options)

    def alter_managers(self, app_label):
        model = self.pick(self.models_of(app_label))
        return model and migrations.AlterModelManagers(model.name, [("objects", models.Manager())])

    def add_field(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        name = model and self.pick([name for name in FIELDS if name not in model.fields])
        if not name:
            return None
        field, preserve = self.field(), True
        if not field.many_to_many and field.has_default() and self.maybe(0.4):
            preserve = False
        return migrations.AddField(model.name, name, field, preserve_default=preserve)

    def remove_field(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        name = model and self.pick([name for name, field in model.fields.items() if not field.primary_key])
        return name and migrations.RemoveField(model.name, name)

    def rename_field(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        old = model and self.pick(model.fields)
        new = old and self.pick([name for name in FIELDS if name not in model.fields])
        return new and migrations.RenameField(model.name, old, new)

    def alter_field(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        name = model and self.pick(model.fields)
        if not name:
            return None
        old = model.fields[name]
        if old.many_to_many:
            _, _, args, options = old.deconstruct()
            options["db_table" if self.maybe(0.5) else "blank"] = self.fresh("joined") if self.maybe(0.5) else None
            options = {key: value for key, value in options.items() if value is not None}
            return migrations.AlterField(model.name, name, models.ManyToManyField(*args, **options))
        if old.primary_key:
            if not isinstance(old, models.AutoField):
                return None
            kind = self.pick([models.BigAutoField, models.AutoField])
            key = kind(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
            return migrations.AlterField(model.name, name, key)
        if self.maybe(0.6):
            # The same class with other options.
            _, _, args, options = old.deconstruct()
            fresh = self.common()
            for key in ("null", "unique", "db_index", "db_column", "db_comment"):
                if self.maybe(0.4):
                    options.pop(key, None)
                    if key in fresh:
                        options[key] = fresh[key]
            if "max_length" in options and self.maybe(0.3):
                options["max_length"] = self.pick([10, 50, 100])
            field = type(old)(*args, **options)
        else:
            field = self.field()
            if field.many_to_many:
                return None
        preserve = not (field.has_default() and self.maybe(0.3))
        return migrations.AlterField(model.name, name, field, preserve_default=preserve)

    def add_index(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        index = model and self.index(model)
        return index and migrations.AddIndex(model.name, index)

    def indexed(self, app_label):
        return self.pick(model for model in self.concrete_models(app_label) if model.options.get("indexes"))

    def remove_index(self, app_label):
        model = self.indexed(app_label)
        return model and migrations.RemoveIndex(model.name, self.pick(model.options["indexes"]).name)

    def rename_index(self, app_label):
        together = [model for model in self.concrete_models(app_label) if model.options.get("index_together")]
        if not V5_1 and together and self.maybe(0.7):
            model = self.pick(together)
            fields = self.pick(sorted(model.options["index_together"]))
            return migrations.RenameIndex(model.name, new_name=self.fresh("idx"), old_fields=fields)
        model = self.indexed(app_label)
        old = model and self.pick(model.options["indexes"]).name
        return model and migrations.RenameIndex(model.name, new_name=self.fresh("idx"), old_name=old)

    def add_constraint(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        constraint = model and self.constraint(model)
        if not constraint:
            return None
        if "%(" in constraint.name:
            # As the autodetector writes it: filled in already.
            constraint = constraint.clone()
            constraint.name = constraint.name % {"app_label": app_label, "class": model.name_lower}
        if isinstance(constraint, models.CheckConstraint) and self.maybe(0.3):
            self.not_valid.append((app_label, model.name, constraint.name))
            return postgres.AddConstraintNotValid(model.name, constraint)
        return migrations.AddConstraint(model.name, constraint)

    def constrained(self, app_label):
        return self.pick(model for model in self.concrete_models(app_label) if model.options.get("constraints"))

    def remove_constraint(self, app_label):
        model = self.constrained(app_label)
        return model and migrations.RemoveConstraint(model.name, self.pick(model.options["constraints"]).name)

    def alter_constraint(self, app_label):
        model = self.constrained(app_label)
        if not V5_2 or not model:
            return None
        constraint = self.pick(model.options["constraints"]).clone()
        constraint.violation_error_message = "changed"
        return migrations.AlterConstraint(model.name, constraint.name, constraint)

    def validate_constraint(self, app_label):
        known = self.pick(known for known in self.not_valid if known[0] == app_label)
        return known and postgres.ValidateConstraint(known[1], known[2])

    def run_sql(self, app_label):
        name = self.fresh("loose")
        create, drop = f'CREATE TABLE "{name}" ("a" integer)', f'DROP TABLE "{name}"'
        return self.pick(
            [
                migrations.RunSQL(create, drop),
                migrations.RunSQL([create, f'COMMENT ON TABLE "{name}" IS \'100%\''], [drop]),
                migrations.RunSQL([(f'{create}; COMMENT ON TABLE "{name}" IS %s', ["it's"])], [(drop, None)]),
                migrations.RunSQL([("DO $$ BEGIN PERFORM %s; END $$", [self.pick([1, None, True, "a%b"])])], migrations.RunSQL.noop),
                migrations.RunSQL(f"SELECT 1; {create}; SELECT '%'", f"{drop}; SELECT '%%'"),
                migrations.RunSQL(migrations.RunSQL.noop, migrations.RunSQL.noop),
            ]
        )

    def collation(self, app_label):
        known = self.pick(self.collations)
        if known and self.maybe(0.5):
            self.collations.remove(known)
            return postgres.RemoveCollation(known[0], known[1], **known[2])
        name = self.fresh("coll")
        # The migration writer of 4.2 loses the options.
        options = V5_0 and self.pick([{}, {"provider": "icu"}, {"provider": "icu", "deterministic": False}]) or {}
        locale = "und-u-ks-level2" if options else "C"
        self.collations.append((name, locale, options))
        return postgres.CreateCollation(name, locale, **options)

    def run_python(self, app_label):
        return migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop, elidable=self.maybe(0.5))

    def separate(self, app_label):
        inner = [operation for operation in (self.simple(app_label) for _ in range(2)) if operation]
        if not inner:
            return None
        which = self.pick(["both", "both", "database", "nested"])
        if which == "both":
            return migrations.SeparateDatabaseAndState(inner, inner)
        if which == "database":
            # Taken back at once, so that the state and the database agree.
            name = self.fresh("idx")
            model = self.pick(self.concrete_models(app_label))
            if not model or not self.columns(model):
                return None
            index = models.Index(fields=[self.pick(self.columns(model))], name=name)
            return migrations.SeparateDatabaseAndState(
                [migrations.AddIndex(model.name, index), migrations.RemoveIndex(model.name, name)]
            )
        nested = migrations.SeparateDatabaseAndState(inner, inner)
        return migrations.SeparateDatabaseAndState([nested], [nested])

    def simple(self, app_label):
        kinds = [
            (9, self.create_model), (2, self.delete_model), (5, self.rename_model), (4, self.alter_model_table),
            (2, self.alter_comment), (4, self.alter_unique_together), (4, self.alter_index_together),
            (3, self.alter_order), (2, self.alter_options), (1, self.alter_managers), (9, self.add_field),
            (5, self.remove_field), (6, self.rename_field), (12, self.alter_field), (6, self.add_index),
            (3, self.remove_index), (4, self.rename_index), (7, self.add_constraint), (4, self.remove_constraint),
            (2, self.alter_constraint), (2, self.validate_constraint), (2, self.run_sql), (1, self.run_python),
            (1, self.collation),
        ]  # fmt: skip
        weights, choices = zip(*kinds)
        return self.random.choices(choices, weights)[0](app_label)

    # Migrations.

    def extensions(self):
        for operation in [postgres.BtreeGistExtension(), postgres.BtreeGinExtension(), postgres.TrigramExtension(), postgres.BloomExtension()]:
            self.project.try_migration("alpha", [operation])
        for app_label in APPS:
            for _ in range(3):
                self.project.try_migration(app_label, [self.create_model(app_label)])

    def step(self):
        app_label = self.pick(APPS)
        if self.maybe(0.06):
            return self.concurrent(app_label)
        for _ in range(self.random.randint(1, 2) if self.maybe(0.7) else 4):
            made = [self.separate(app_label) if self.maybe(0.07) else self.simple(app_label)]
            # Some operations of one migration follow each other: what they have in mind is the state before it.
            while self.maybe(0.4):
                made.append(self.simple(app_label))
            made = [operation for operation in made if operation]
            if made and self.project.try_migration(app_label, made):
                return None
        return None

    def concurrent(self, app_label):
        model = self.pick(self.concrete_models(app_label))
        columns = model and not model.options.get("managed", True) is False and self.columns(model)
        if not columns:
            return
        index = models.Index(fields=self.some(columns, 2), name=self.fresh("idx"))
        operations = [postgres.AddIndexConcurrently(model.name, index)]
        if self.maybe(0.5):
            operations.append(postgres.RemoveIndexConcurrently(model.name, index.name))
        self.project.try_migration(app_label, operations, atomic=False)


class Probe:
    """Fields that are no model yet, asked as a state of a model is."""

    def __init__(self, fields):
        self.fields = dict(fields)

    def columns(self):
        return [name for name, field in self.fields.items() if not field.many_to_many]


def generated():
    return models.GeneratedField if V5_0 else ()


def without_unique(options):
    return {key: value for key, value in options.items() if key not in ("unique", "db_index")}
