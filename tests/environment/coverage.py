"""What the migrations of a project exercise of Django: operations, fields, options, transitions.

    python coverage.py --settings settings --path testdata/editor

prints {"django": "5.2", "there": {kind: [name]}, "exercised": {kind: {name: [migration]}}}. `there` is what this Django has, found by
looking at Django itself; no database is asked.
"""

import collections
import inspect

import boot

# Arguments of Field that no statement on PostgreSQL can show.
NOT_OF_THE_DATABASE = {
    "verbose_name", "name", "help_text", "choices", "validators", "error_messages", "editable", "blank", "serialize",
    "unique_for_date", "unique_for_month", "unique_for_year", "auto_created", "rel", "to_fields", "from_fields",
    "limit_choices_to", "related_name", "related_query_name", "parent_link", "swappable", "upload_to", "storage",
    "width_field", "height_field", "path", "match", "recursive", "allow_files", "allow_folders", "encoder", "decoder",
    "auto_now", "auto_now_add", "allow_unicode", "protocol", "unpack_ipv4", "kwargs", "args", "symmetrical", "through_fields",
    "formatter", "config", "_expression",
}
# Options of Meta that no statement can show.
META_NOT_OF_THE_DATABASE = {
    "verbose_name", "verbose_name_plural", "ordering", "permissions", "default_permissions", "get_latest_by", "app_label",
    "abstract", "default_related_name", "default_manager_name", "base_manager_name", "select_on_save", "apps",
    "auto_created", "required_db_features", "required_db_vendor", "db_alias",
}


def subclasses(module, base):
    found = {name: value for name, value in vars(module).items() if inspect.isclass(value) and issubclass(value, base)}
    return {name: value for name, value in found.items() if value is not base or base.__name__ != "Operation"}


def parameters(cls):
    names = set()
    for ancestor in cls.__mro__:
        init = ancestor.__dict__.get("__init__")
        if init and ancestor is not object:
            names |= set(inspect.signature(init).parameters) - {"self", "args", "kwargs"}
    return names


def there():
    from django.contrib.postgres import constraints, fields, indexes, operations
    from django.contrib.postgres import search
    from django.db import models
    from django.db.migrations import operations as migrations
    from django.db.migrations.operations.base import Operation
    from django.db.models.options import DEFAULT_NAMES

    plain = {n: c for n, c in subclasses(models, models.Field).items() if n not in ("Field", "ForeignObject", "OrderWrt")}
    of_postgres = {n: c for n, c in {**subclasses(fields, models.Field), **subclasses(search, models.Field)}.items()}
    of_postgres = {n: c for n, c in of_postgres.items() if c.__module__.startswith("django.contrib.postgres") and n != "RangeField" and not n.startswith("_")}
    every = {**plain, **of_postgres}
    options = set().union(*(parameters(cls) for cls in every.values())) - NOT_OF_THE_DATABASE
    index_classes = {**subclasses(models, models.Index), **subclasses(indexes, models.Index)}
    index_classes.pop("PostgresIndex", None)
    constraint_classes = {**subclasses(models, models.BaseConstraint), **subclasses(constraints, models.BaseConstraint)}
    constraint_classes.pop("BaseConstraint", None)
    of_constraints = set()
    for name, cls in constraint_classes.items():
        of_constraints |= {f"{name}.{option}" for option in parameters(cls)}
    of_indexes = set()
    for name, cls in index_classes.items():
        own = parameters(cls) if name == "Index" else parameters(cls) - parameters(models.Index)
        of_indexes |= {f"{name}.{option}" for option in own}
    silent = ("violation_error_code", "violation_error_message", ".name")
    every_operation = {**subclasses(migrations, Operation), **subclasses(operations, Operation)}
    abstract = ("Operation", "NotInTransactionMixin", "CollationOperation")
    return {
        "operation": sorted(name for name in every_operation if name not in abstract),
        "field": sorted(every),
        "field option": sorted(options),
        "model option": sorted(set(DEFAULT_NAMES) - META_NOT_OF_THE_DATABASE),
        "index": sorted(index_classes),
        "index option": sorted(option for option in of_indexes if not option.endswith(silent)),
        "constraint": sorted(constraint_classes),
        "constraint option": sorted(option for option in of_constraints if not option.endswith(silent)),
        "transition": sorted(name for name in TRANSITIONS if "db_default" in options or "db_default" not in name),
    }


TRANSITIONS = {
    "type": lambda old, new: old.db_type != new.db_type and not (old.is_key or new.is_key),
    "max_length": lambda old, new: old.keyword("max_length") != new.keyword("max_length") and old.cls == new.cls,
    "null to NOT NULL": lambda old, new: old.field.null and not new.field.null,
    "NOT NULL to null": lambda old, new: new.field.null and not old.field.null,
    "null to NOT NULL with a default": lambda old, new: old.field.null and not new.field.null and new.field.has_default(),
    "default": lambda old, new: old.keyword("default") != new.keyword("default"),
    "db_default given": lambda old, new: new.keyword("db_default") is not None and old.keyword("db_default") is None,
    "db_default changed": lambda old, new: None not in (new.keyword("db_default"), old.keyword("db_default")) and new.keyword("db_default") != old.keyword("db_default"),
    "db_default taken": lambda old, new: old.keyword("db_default") is not None and new.keyword("db_default") is None,
    "to unique": lambda old, new: new.field.unique and not old.field.unique,
    "from unique": lambda old, new: old.field.unique and not new.field.unique,
    "to db_index": lambda old, new: new.field.db_index and not old.field.db_index,
    "from db_index": lambda old, new: old.field.db_index and not new.field.db_index,
    "to primary key": lambda old, new: new.field.primary_key and not old.field.primary_key,
    "from primary key": lambda old, new: old.field.primary_key and not new.field.primary_key,
    "to foreign key": lambda old, new: new.is_key and not old.is_key,
    "from foreign key": lambda old, new: old.is_key and not new.is_key,
    "foreign key to another model": lambda old, new: old.is_key and new.is_key and old.keyword("to") != new.keyword("to"),
    "foreign key: attributes": lambda old, new: old.is_key and new.is_key and old.keyword("to") == new.keyword("to"),
    "db_constraint": lambda old, new: old.is_key and new.is_key and old.keyword("db_constraint") != new.keyword("db_constraint"),
    "foreign key to one-to-one": lambda old, new: old.cls == "ForeignKey" and new.cls == "OneToOneField",
    "one-to-one to foreign key": lambda old, new: new.cls == "ForeignKey" and old.cls == "OneToOneField",
    "db_collation": lambda old, new: old.keyword("db_collation") != new.keyword("db_collation"),
    "db_comment": lambda old, new: old.keyword("db_comment") != new.keyword("db_comment"),
    "db_column": lambda old, new: old.keyword("db_column") != new.keyword("db_column"),
    "integer to identity": lambda old, new: "Auto" in new.cls and "Auto" not in old.cls,
    "identity to integer": lambda old, new: "Auto" in old.cls and "Auto" not in new.cls,
    "identity to wider identity": lambda old, new: old.cls == "AutoField" and new.cls == "BigAutoField",
    "many-to-many": lambda old, new: old.cls == new.cls == "ManyToManyField",
    "check of positive": lambda old, new: ("Positive" in old.cls) != ("Positive" in new.cls),
    "nothing of the database": lambda old, new: old.field.non_db_attrs is not None and old.told() == new.told(),
}


class Side:
    """A field before or after an AlterField."""

    def __init__(self, field, connection):
        self.field = field
        self.cls = type(field).__name__
        self.is_key = field.many_to_one or field.one_to_one
        _, _, _, self.keywords = field.deconstruct()
        try:
            self.db_type = field.db_type(connection)
        except Exception:
            self.db_type = None

    def keyword(self, name):
        value = self.keywords.get(name)
        return repr(value) if value is not None else None

    def told(self):
        silent = NOT_OF_THE_DATABASE | {"on_delete", "default"}
        return self.cls, {name: repr(value) for name, value in self.keywords.items() if name not in silent}


class Exercised:
    def __init__(self, connection):
        self.found = collections.defaultdict(lambda: collections.defaultdict(list))
        self.connection = connection
        self.migration = None

    def add(self, kind, name):
        places = self.found[kind][name]
        if self.migration not in places:
            places.append(self.migration)

    def field(self, field):
        for cls in type(field).__mro__:
            self.add("field", cls.__name__)
        _, _, arguments, keywords = field.deconstruct()
        for name in keywords:
            self.add("field option", name)
        for inner in (getattr(field, "base_field", None), keywords.get("output_field")):
            if inner is not None and not isinstance(inner, type):
                self.field(inner)

    def index(self, index):
        self.add("index", type(index).__name__)
        _, expressions, keywords = index.deconstruct()
        for cls in type(index).__mro__:
            for name in [*keywords, *(["expressions"] if expressions else [])]:
                self.add("index option", f"{cls.__name__}.{name}")
        if index.contains_expressions and any("OpClass" in repr(e) for e in index.expressions):
            self.add("index", "OpClass")

    def constraint(self, constraint):
        self.add("constraint", type(constraint).__name__)
        _, expressions, keywords = constraint.deconstruct()
        for name in [*keywords, *(["expressions"] if expressions else [])]:
            self.add("constraint option", f"{type(constraint).__name__}.{name}")

    def operation(self, operation, state, app_label):
        for cls in type(operation).__mro__:
            self.add("operation", cls.__name__)
        for field in [getattr(operation, "field", None), *(f for _, f in getattr(operation, "fields", None) or () if hasattr(f, "deconstruct"))]:
            if field is not None:
                self.field(field)
        options = getattr(operation, "options", None)
        for name, value in (options.items() if isinstance(options, dict) else ()):
            if value:
                self.add("model option", name)
        for index in [*(options or {}).get("indexes", ()), *filter(None, [getattr(operation, "index", None)])]:
            self.index(index)
        for constraint in [*(options or {}).get("constraints", ()), *filter(None, [getattr(operation, "constraint", None)])]:
            self.constraint(constraint)
        for option in ("unique_together", "index_together", "order_with_respect_to", "db_table"):
            if getattr(operation, "option_name", None) == option:
                self.add("model option", option)
        inner = [*getattr(operation, "database_operations", ()), *getattr(operation, "state_operations", ())]
        before = state.clone() if inner else None
        for each in inner:
            if each in getattr(operation, "database_operations", ()):
                self.operation(each, before, app_label)
            else:
                self.operation(each, state.clone(), app_label)
        if type(operation).__name__ == "AlterField":
            self.transition(operation, state, app_label)
        else:
            operation.state_forwards(app_label, state)

    def transition(self, operation, state, app_label):
        # To build the models of a state takes longer than all of the rest.
        def side():
            model = state.models[app_label, operation.model_name.lower()]
            return Side(model.fields[operation.name], self.connection)

        old = side()
        operation.state_forwards(app_label, state)
        new = side()
        for name, holds in TRANSITIONS.items():
            if holds(old, new):
                self.add("transition", name)


def main():
    options = boot.arguments(__doc__.splitlines()[0]).parse_args()
    give = boot.answering()
    boot.boot(options)
    import django
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    exercised = Exercised(connection)
    state = ProjectState()
    plan = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan += [key for key in loader.graph.forwards_plan(leaf) if key not in plan]
    for key in plan:
        migration = loader.graph.nodes[key]
        exercised.migration = ".".join(key)
        for operation in migration.operations:
            exercised.operation(operation, state, migration.app_label)
    give({"django": ".".join(map(str, django.VERSION[:2])), "there": there(), "exercised": exercised.found})


if __name__ == "__main__":
    main()
