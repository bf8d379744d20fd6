"""Runs real Django over generated or hand-written projects, and says how their models and their migrations differ.

    python drift.py --socket folder --django 5.2 --out folder --seeds 1 2 3
    python drift.py --socket folder --django 5.2 --out folder --cases cases/table_renamed.txt

Prints one JSON list, an element per project: its name, its folder, what was done to it (`log`), `failed` (what Django itself could
not do), `facts`, and `open_to_question` (what `makemigrations` would write although the database would not change).

The truth is two real databases: one that the migrations made, and one that Django makes of the models in an empty
database. A fact is `[kind, table, name]`, the name that of a column, an index or a constraint; objects are matched by what
they are, and by name only where several are alike.
"""

import argparse
import contextlib
import importlib
import io
import json
import os
import pathlib
import re
import sys
import traceback

TEMPLATE = "drift_template"
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity <> '' OR a.atthasdef AS filled
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""
INDEXES = """
SELECT t.relname, c.relname, pg_get_indexdef(c.oid), i.indisunique,
       (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey::int[]))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
"""
CONSTRAINTS = """
SELECT t.relname, k.conname, pg_get_constraintdef(k.oid), k.contype::text,
       (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey))
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
WHERE t.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'u', 'f', 'x')
"""


def in_child(work, *arguments):
    """What `work` returns, run in a process of its own: Django boots once per process. Raises what it raised, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                answer = {"value": work(*arguments)}
        except BaseException:
            answer = {"error": traceback.format_exc(limit=-4) + printed.getvalue()}
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = json.load(pipe)
    os.waitpid(child, 0)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["value"]


class Server:
    """A server's databases: a template with Django's own tables, and a copy of it for each use."""

    def __init__(self, socket, label):
        self.socket = socket
        self.label = label
        self.template = f"{TEMPLATE}_{label}"
        self.run(f'DROP DATABASE IF EXISTS "{self.template}"', f'CREATE DATABASE "{self.template}"')
        in_child(self.fill_template)

    def run(self, *statements):
        import psycopg

        with psycopg.connect(host=self.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def database(self, name):
        name = f"drift_{self.label}_{name}"
        self.run(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        return name

    def options(self, name):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.socket,
            "NAME": name,
            "USER": "postgres",
        }

    def fill_template(self):
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
            DATABASES={"default": self.options(self.template)},
        )
        django.setup()
        call_command("migrate", verbosity=0)
        from django.db import connection

        connection.close()


def boot(folder, database, without_migrations=False):
    sys.path.insert(0, str(folder))
    settings = importlib.import_module("settings")
    settings.DATABASES = {"default": database}
    if without_migrations:
        labels = [app.rsplit(".", 1)[-1] for app in settings.INSTALLED_APPS if not app.startswith("django.")]
        settings.MIGRATION_MODULES = {**dict.fromkeys(getattr(settings, "OWN_LABELS", labels))}
    settings.SILENCED_SYSTEM_CHECKS = ["models.W042", "fields.W162", "fields.W340", "fields.W343", "models.W043", "models.W045"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    import django

    django.setup()
    answer_questions()


def answer_questions():
    """Answers what `makemigrations` asks: a rename is one, and a new column that needs a value gets one."""
    import datetime
    import decimal
    import uuid

    from django.db import models
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner as Questioner

    values = {
        "UUIDField": uuid.UUID(int=7), "DecimalField": decimal.Decimal("1.5"), "FloatField": 1.5, "BooleanField": False,
        "DateField": datetime.date(2020, 1, 2), "DateTimeField": datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        "TimeField": datetime.time(1, 2), "DurationField": datetime.timedelta(0), "JSONField": {}, "BinaryField": b"",
        "GenericIPAddressField": "10.0.0.1", "ArrayField": [],
    }

    def value_for(self, field_name, model_name):
        field = self.field_of(field_name, model_name)
        kind = field.get_internal_type()
        if kind in values:
            return values[kind]
        return "x" if isinstance(field, (models.CharField, models.TextField)) else 1

    Questioner.ask_not_null_addition = lambda self, field_name, model_name: 1
    Questioner.ask_not_null_alteration = lambda self, field_name, model_name: 1
    Questioner.ask_rename = lambda self, *arguments: True
    Questioner.ask_rename_model = lambda self, *arguments: True
    Questioner.ask_auto_now_add_addition = lambda self, *arguments: values["DateTimeField"]
    Questioner.ask_unique_callable_default_addition = lambda self, *arguments: None
    from django.db.migrations.autodetector import MigrationAutodetector

    original = MigrationAutodetector._generate_added_field

    def added(self, app_label, model_name, field_name):
        field = self.to_state.models[app_label, model_name].get_field(field_name)
        self.questioner.field_of = lambda *names: field
        self.questioner.ask_not_null_addition = lambda *names: value_for(self.questioner, *names)
        return original(self, app_label, model_name, field_name)

    MigrationAutodetector._generate_added_field = added
    altered = MigrationAutodetector.generate_altered_fields

    def ask_alteration(self):
        def answer(field_name, model_name):
            for (app, name), state in self.to_state.models.items():
                if name == model_name.lower() and field_name in state.fields:
                    self.questioner.field_of = lambda *names: state.fields[field_name]
                    return value_for(self.questioner, field_name, model_name)
            return 1

        self.questioner.ask_not_null_alteration = answer
        return altered(self)

    MigrationAutodetector.generate_altered_fields = ask_alteration


def make_migrations(folder, database):
    from django.core.management import call_command

    boot(folder, database)
    call_command("makemigrations", interactive=False, verbosity=0)


def migrated(folder, database):
    """The catalog that the migrations make, and the operations that `makemigrations` would write now."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState

    boot(folder, database)
    call_command("migrate", verbosity=0)
    loader = MigrationLoader(None)
    questioner = NonInteractiveMigrationQuestioner(specified_apps=None, dry_run=True)
    del type(questioner).ask_rename, type(questioner).ask_rename_model
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    changes = detector.changes(graph=loader.graph)
    pending = [
        f"{label}: {operation.describe()}"
        for label, migrations in sorted(changes.items())
        for migration in migrations
        for operation in migration.operations
    ]
    refused = refused_choices(apps, connection)
    return catalog(connection), pending, refused


def refused_choices(apps, connection):
    """CHECKs of one column that some choice of its field does not pass."""
    query = """
        SELECT k.conname, pg_get_expr(k.conbin, k.conrelid), a.attname, format_type(a.atttypid, a.atttypmod)
        FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
        WHERE k.contype = 'c' AND k.conrelid = to_regclass(%s)
    """
    told = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            choices = {field.column: field.flatchoices for field in model._meta.local_concrete_fields if field.flatchoices}
            cursor.execute(query, [f'"{table}"'])
            for name, condition, column, data_type in cursor.fetchall():
                for value, _ in choices.get(column, []):
                    cursor.execute(f'SELECT ({condition.replace("%", "%%")}) FROM (SELECT %s::{data_type} AS "{column}") t', [value])
                    if cursor.fetchone()[0] is False and ["choices", table, name] not in told:
                        told.append(["choices", table, name])
    return told


def modelled(folder, database):
    """The catalog that Django makes of the models in an empty database; and which model has which tables."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    boot(folder, database, without_migrations=True)
    call_command("migrate", run_syncdb=True, verbosity=0)
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("django.") or model._meta.proxy:
            continue
        # Through tables are told of by the model that has the field.
        of = model._meta.auto_created or model
        tables[model._meta.db_table] = [of._meta.label, of._meta.managed, of._meta.db_table]
    return catalog(connection), tables


def catalog(connection):
    with connection.cursor() as cursor:
        found = []
        for query in (COLUMNS, INDEXES, CONSTRAINTS):
            cursor.execute(query)
            found.append([list(row) for row in cursor.fetchall()])
    connection.close()
    return found


def without_name(definition):
    return re.sub(r"^CREATE (UNIQUE )?INDEX .*? ON ", r"CREATE \1INDEX ON ", definition)


def facts(migrations, models, tables):
    """The differences of two catalogs, for the tables that a model of the project has."""
    has, wants = ({(table, column): rest for table, column, *rest in found[0]} for found in (migrations, models))
    present = {table for table, _ in has}
    told, odd = [], {}
    for table, (_, managed, of) in sorted(tables.items()):
        # What a table between two models lacks is told by the model's own table when that is missing.
        if not managed or table not in present and of not in present and of != table:
            continue
        if table not in present:
            told.append(["missing-table", table, ""])
            continue
        there = {column: rest for (of, column), rest in has.items() if of == table}
        asked = {column: rest for (of, column), rest in wants.items() if of == table}
        odd[table] = there.keys() ^ asked.keys()
        for column in sorted(asked.keys() - there.keys()):
            told.append(["missing-column", table, column])
        for column in sorted(there.keys() - asked.keys()):
            _, not_null, filled = there[column]
            told.append(["insert-fails" if not_null and not filled else "extra-column", table, column])
        for column in sorted(there.keys() & asked.keys()):
            if there[column][0] != asked[column][0]:
                told.append(["type", table, column])
            if there[column][1] != asked[column][1]:
                told.append(["nullability", table, column])
    for kind, place in (("index", 1), ("constraint", 2)):
        mine, theirs = (
            [(table, name, without_name(definition), columns) for table, name, definition, unique, columns in rows if table in odd]
            for rows in (held(migrations, kind), held(models, kind))
        )
        told += unmatched("extra", kind, mine, theirs, odd, unique_keys(models) - unique_keys(migrations))
        told += unmatched("missing", kind, theirs, mine, odd, unique_keys(migrations) - unique_keys(models))
    return sorted(told)


def unique_keys(found):
    keys = [(table, re.match(r"UNIQUE \(([^)]*)\)(?! INCLUDE)", definition)) for table, _, definition, _, _ in found[2]]
    return {(table, match[1]) for table, match in keys if match}


def held(found, kind):
    """Unique indexes count as constraints: `UniqueConstraint` with a condition is one."""
    indexes = found[1]
    if kind == "index":
        return [row for row in indexes if not row[3]]
    return found[2] + [row for row in indexes if row[3]]


def stands_on(odd, definition, columns):
    """Expressions are looked for by their text: the catalog has no columns for them."""
    return odd.intersection(columns or []) or any(re.search(rf"\b{re.escape(column)}\b", definition) for column in odd)


def is_covered(table, definition, uniques):
    """A field that becomes unique loses its plain index: the unique one does its work, and that is what is told."""
    keys = re.search(r"USING btree \((.*)\)$", definition)
    return keys is not None and (table, keys[1]) in uniques


def unmatched(word, kind, mine, theirs, odd, uniques):
    """What is in `mine` more often than in `theirs`; what stands on a column that is told of already is no matter of its own."""
    told, taken = [], {}
    for table, _, definition, _ in theirs:
        taken[table, definition] = taken.get((table, definition), 0) + 1
    names = {(table, name, definition) for table, name, definition, _ in theirs}
    for table, name, definition, columns in sorted(mine, key=lambda row: ((row[0], row[1], row[2]) not in names, row[:3])):
        if taken.get((table, definition), 0) > 0:
            taken[table, definition] -= 1
        elif not stands_on(odd[table], definition, columns) and not (kind == "index" and is_covered(table, definition, uniques)):
            told.append([f"{word}-{kind}", table, name])
    return told


def write(folder, files):
    for path, text in files.items():
        place = folder / path
        if text is None:
            place.unlink(missing_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    for app in {pathlib.Path(path).parts[0] for path in files if "/" in path}:
        for package in (folder / app, folder / app / "migrations"):
            if package.is_dir() or package.name == "migrations":
                package.mkdir(exist_ok=True)
                (package / "__init__.py").touch()


def examine(server, name, stages, out):
    """Writes the stages of a project (`files` per stage), with `makemigrations` after each but the last."""
    folder = pathlib.Path(out) / name
    report = {"name": name, "folder": str(folder), "log": [], "failed": None, "facts": [], "pending": [], "tables": {}}
    try:
        database = server.options(server.database("a"))
        for number, stage in enumerate(stages):
            files, log, migrate = stage
            report["log"] += log
            write(folder, files)
            if migrate:
                in_child(make_migrations, folder, database)
        has, report["pending"], refused = in_child(migrated, folder, database)
        wants, report["tables"] = in_child(modelled, folder, server.options(server.database("b")))
        report["facts"] = sorted(facts(has, wants, report["tables"]) + refused)
    except RuntimeError as error:
        report["failed"] = str(error)
    return report


def case_stages(path):
    """A case's file: `--- path` begins a file, `=== makemigrations` ends a stage."""
    stages, files, log, lines = [], {}, [], None
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("=== "):
            stages.append((finished(files), [], True))
            files, lines = {}, None
        elif line.startswith("--- "):
            lines = files.setdefault(line[4:].strip(), [])
        elif lines is not None:
            lines.append(line)
    stages.append((finished(files), log, False))
    return stages


def finished(files):
    return {path: None if lines == ["(removed)"] else "\n".join(lines) + "\n" for path, lines in files.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socket", required=True)
    parser.add_argument("--django", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seeds", nargs="*", type=int, default=[])
    parser.add_argument("--cases", nargs="*", default=[])
    options = parser.parse_args()
    # Imported once, for all the children.
    import django.contrib.postgres.fields
    import django.core.management.commands.makemigrations
    import django.core.management.commands.migrate
    import django.db.backends.postgresql.base
    import django.db.backends.postgresql.schema
    import psycopg  # noqa: F401

    server = Server(options.socket, f"{options.django}_{os.getpid()}")
    reports = []
    for path in options.cases:
        reports.append(examine(server, pathlib.Path(path).stem, case_stages(path), options.out))
    if options.seeds:
        import mutate

        version = tuple(map(int, options.django.split(".")))
        for seed in options.seeds:
            reports.append(examine(server, f"seed_{seed}", mutate.stages(seed, version), options.out))
    json.dump(reports, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
