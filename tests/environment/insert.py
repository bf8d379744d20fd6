"""Tries an INSERT into the table of every model, through the real ORM, and says which columns refuse it.

    python insert.py --settings shop.settings --path project --socket /tmp/x --database test_0 [shop.Order ...]

Every field that the model has gets a value, as a running application would give it, but for those that the database is to fill;
nothing is left in the database. When a NOT NULL column that got no value refuses the row, it gets one (a field), or its
constraint is lifted inside the transaction (no field), and the INSERT is tried again, so that every such column
comes out. Prints, per model:

    {"shop.Order": {"table", "columns": [..], "refused": [{"sqlstate", "table", "column", "message"}], "problem": null}}

`columns` are those that the model's fields have, parents' included, as `table.column`. An empty `refused` means that the INSERT worked; `problem` tells why it could not be tried at all.
"""

import datetime
import decimal
import uuid

import boot

NOT_NULL_VIOLATION = "23502"


def plausible(field):
    """A value that the field's own type takes; the rows that foreign keys point at need not exist: they are checked at
    commit, and there is none."""
    from django.db import models

    if field.is_relation:
        return plausible(field.target_field)
    if field.choices:
        return next(value for value, _ in flat(field.choices))
    by_type = {
        "BooleanField": True,
        "NullBooleanField": True,
        "DateField": datetime.date(2020, 2, 3),
        "DateTimeField": datetime.datetime(2020, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "TimeField": datetime.time(4, 5),
        "DurationField": datetime.timedelta(days=1),
        "DecimalField": decimal.Decimal(1),
        "FloatField": 1.5,
        "UUIDField": uuid.UUID(int=7),
        "JSONField": {},
        "BinaryField": b"x",
        "GenericIPAddressField": "10.1.2.3",
        "IPAddressField": "10.1.2.3",
        "ArrayField": [],
        "HStoreField": {},
    }
    internal = field.get_internal_type()
    if internal in by_type:
        return by_type[internal]
    if type(field).__name__ in by_type:
        return by_type[type(field).__name__]
    if isinstance(field, (models.IntegerField, models.AutoField)):
        return 7
    return "x"


def flat(choices):
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from flat(label)
        else:
            yield value, label


def values(model):
    """What an application would hand to `create`: a value for each field that has no other source of one."""
    from django.db import models

    given = {}
    for field in model._meta.concrete_fields:
        generated = getattr(field, "generated", False) or isinstance(field, models.AutoField)
        parent = field.is_relation and getattr(field.remote_field, "parent_link", False)
        supplied = field.has_default() and field.get_default() is not None
        if getattr(field, "has_db_default", lambda: False)():
            supplied = True
        if not (generated or parent or supplied):
            given[field.attname] = plausible(field)
    return given


def attempt(model):
    """The columns that refuse an INSERT, in the order in which the server names them."""
    from django.db import DatabaseError, transaction

    refused = []
    given = values(model)
    with transaction.atomic():
        while len(refused) < 200:
            try:
                with transaction.atomic():
                    model._base_manager.create(**given)
                break
            except DatabaseError as error:
                told = error.__cause__.diag
                refused.append(
                    {
                        "sqlstate": told.sqlstate,
                        "table": told.table_name,
                        "column": told.column_name,
                        "message": told.message_primary,
                    }
                )
                if told.sqlstate != NOT_NULL_VIOLATION or not let_through(model, told, given):
                    break
        transaction.set_rollback(True)
    return refused


def let_through(model, told, given):
    """Sees to it that a column no longer refuses the row; False where nothing more can be done."""
    from django.db import connection

    for field in model._meta.concrete_fields:
        if (field.model._meta.db_table, field.column) == (told.table_name, told.column_name):
            if given.get(field.attname) is not None:
                return False
            given[field.attname] = plausible(field)
            return True
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {quote(told.table_name)} ALTER COLUMN {quote(told.column_name)} DROP NOT NULL")
    return True


def columns(model):
    return sorted(f"{field.model._meta.db_table}.{field.column}" for field in model._meta.concrete_fields)


def main():
    parser = boot.arguments(__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="app_label.Model; all managed models when none is given")
    options = parser.parse_args()
    give = boot.answering()
    boot.boot(options)
    from django.apps import apps

    chosen = [apps.get_model(path) for path in options.models] or [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]
    report = {}
    for model in chosen:
        outcome = {"table": model._meta.db_table, "columns": columns(model), "refused": [], "problem": None}
        try:
            outcome["refused"] = attempt(model)
        except Exception as error:  # A model's own code may do anything; the others are still to be tried.
            outcome["problem"] = f"{type(error).__name__}: {error}"
        report[model._meta.label] = outcome
    give(report)


if __name__ == "__main__":
    main()
