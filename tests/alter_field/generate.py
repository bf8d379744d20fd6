"""Writes a Django project whose migrations turn each field into each other one.

    python generate.py FOLDER [--whole] [--part N/M]

Pairs are taken in a fixed order; without --whole only a sample of them is written, the same each time. Each pair has
a migration of its own, so that what the server refuses ends that pair alone.
"""

import argparse
from pathlib import Path

import django

from defaults import defaults
from fields import FIELDS, KEYS, UNIQUE, foreign_key

SETTINGS = """
SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.postgres", "matrix"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
"""
CUSTOM = """
from django.db import models


class Money(models.DecimalField):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


def word():
    return "a word"


def five():
    return 5
"""
HEAD = """
import datetime
import decimal
import uuid
import zoneinfo

import django.contrib.postgres.search
import django.core.serializers.json
import django.db.backends.postgresql.psycopg_any
import django.db.models.deletion
import django.db.models.functions
import django.utils.timezone
import matrix.custom
from django.contrib.postgres.fields import *
from django.contrib.postgres.operations import CITextExtension, HStoreExtension
from django.db import migrations, models
from django.utils.translation import gettext_lazy as _


class Migration(migrations.Migration):
    dependencies = [{after}]
    operations = [
"""
GOALS = """
        CITextExtension(),
        HStoreExtension(),
        migrations.CreateModel("Goal", [("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=8, unique=True))]),
        migrations.CreateModel("Word", [("word", models.CharField(db_collation="C", max_length=12, primary_key=True, serialize=False))]),
        migrations.CreateModel("Token", [("token", models.UUIDField(primary_key=True, serialize=False))]),
"""
AUTO = '("id", models.BigAutoField(primary_key=True))'
# How many models stand in the state at the same time.
CHUNK = 12


class Project:
    def __init__(self, folder):
        self.folder = folder / "matrix" / "migrations"
        self.folder.mkdir(parents=True)
        (folder / "settings.py").write_text(SETTINGS)
        (folder / "matrix" / "__init__.py").write_text("")
        (folder / "matrix" / "custom.py").write_text(CUSTOM)
        (self.folder / "__init__.py").write_text("")
        self.last = None
        self.count = 0

    def migration(self, name, operations, atomic=True):
        after = f'("matrix", "{self.last}")' if self.last else ""
        self.count += 1
        self.last = f"{self.count:05}_{name}"
        text = HEAD.replace("{after}", after)
        if isinstance(operations, list):
            operations = "".join(f"        migrations.{operation},\n" for operation in operations)
        end = "    ]\n" + ("" if atomic else "    atomic = False\n")
        (self.folder / f"{self.last}.py").write_text(text + operations + end)


def create(model, *fields):
    return f"CreateModel('{model}', [{', '.join(fields)}])"


def field(name, text):
    return f"('{name}', {text})"


def named(to, name, extra=""):
    """A key whose relation has a name of its own: of equal names Django takes them in the order of Python's hashes."""
    return foreign_key(to, extra).replace("'+'", f"'{name}+'")


def chunks(items):
    items = list(items)
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]


def chosen(options, pairs):
    """The sample: a fixed part of the pairs, spread over rows and columns."""
    pairs = list(pairs)
    if options.whole:
        share, of = options.part
        return [pair for place, pair in enumerate(pairs) if place % of == share]
    step = max(1, len(pairs) // options.sample)
    # A step that shares no divisor with the length of a row goes through all columns.
    return pairs[:: step + 1 - step % 2]


def plain_pairs(project, options):
    """One field becomes another, and then a third."""
    names = list(FIELDS)
    many = {name for name in names if name.startswith("many")}
    pairs = [(one, two) for one in names for two in names if one != two and (one in many) == (two in many)]
    columns = [name for name in names if name not in many]
    for chunk in chunks(enumerate(chosen(options, pairs))):
        models = []
        made = [create(f"M{place}", AUTO, field("f", FIELDS[one])) for place, (one, _) in chunk]
        project.migration("tables", made)
        for place, (one, two) in chunk:
            model = f"m{place}"
            third = names[(place * 7) % len(names)]
            if (third in many) != (one in many):
                third = one
            operations = [f"AlterField('{model}', 'f', {FIELDS[name]})" for name in (two, third)]
            project.migration("alter", operations, atomic=place % 5 != 0)
            models.append(f"DeleteModel('{model}')")
        project.migration("drop", models)
    # In the migration that makes the table: indexes and keys are still in the queue.
    for place, (one, two) in enumerate(chosen(options, pairs)[:: 4]):
        model = f"q{place}"
        operations = [create(model, AUTO, field("f", FIELDS[one])), f"AlterField('{model}', 'f', {FIELDS[two]})"]
        project.migration("at_once", [*operations, f"RenameField('{model}', 'f', 'g')"])
        project.migration("drop", [f"DeleteModel('{model}')"])
    return len(columns)


def single_fields(project):
    """Each field added, renamed, given another column, removed."""
    for place, (name, text) in enumerate(FIELDS.items()):
        model, other = f"s{place}", f"A very long name of a table that has {place} Field which is cut"
        table = f"CreateModel('{model}', [{AUTO}, ('kept', models.TextField(default='x'))], {{'db_table': {other!r}}})"
        project.migration("table", [table])
        project.migration("add", [f"AddField('{model}', 'f', {text})"])
        project.migration("rename", [f"RenameField('{model}', 'f', 'Größe_with_a_very_long_name_that_is_longer_than_63_bytes_and_cut')"])
        renamed = "Größe_with_a_very_long_name_that_is_longer_than_63_bytes_and_cut"
        if not name.startswith("many"):
            column = text.replace("db_column='Other Column'", "").replace("db_column='a-b c', ", "").replace("db_column='f', ", "")
            column = column[:-1].rstrip(", (") + ("(" if column.endswith("()") else ", ") + "db_column='a Column')"
            project.migration("column", [f"AlterField('{model}', '{renamed}', {column})"])
        project.migration("one_off", [f"AddField('{model}', 'again', {text}, preserve_default=False)", f"RemoveField('{model}', 'again')"])
        project.migration("remove", [f"RemoveField('{model}', '{renamed}')", f"DeleteModel('{model}')"])
        at_once = [create(f"t{place}", AUTO, field("f", text)), f"RemoveField('t{place}', 'f')", f"AddField('t{place}', 'f', {text})", f"RenameModel('t{place}', 'u{place}')"]
        project.migration("at_once", [*at_once, f"DeleteModel('u{place}')"])


def key_pairs(project, options):
    """A key becomes another while tables point at it: directly, through a key that is a key, between models, at itself."""
    names = list(KEYS)
    pairs = [(one, two) for one in names for two in names if one != two]
    for place, (one, two) in enumerate(chosen(options, pairs)):
        key, chain = f"matrix.Key{place}", f"matrix.Chain{place}"
        own = [field("k", KEYS[one]), field("up", named("self", "up", "null=True, ")), field("many", "models.ManyToManyField(to='matrix.Goal')")]
        made = [
            create(f"Key{place}", *own, field("friends", "models.ManyToManyField(to='self')")),
            create(f"Chain{place}", field("key", foreign_key(key, "primary_key=True, serialize=False, ", "OneToOneField").replace("related_name='+', ", ""))),
            create(f"Ref{place}", AUTO, field("a", named(key, "refs")), field("b", named(chain, "refs")), field("c", named(key, "c", "db_constraint=False, null=True, "))),
            create(f"Many{place}", AUTO, field("keys", f"models.ManyToManyField(to='{key}')")),
            create(f"By{place}", AUTO, field("key", foreign_key(key).replace("related_name='+', ", "")), field("many", foreign_key(f"matrix.Many{place}").replace("related_name='+', ", ""))),
            f"AddField('many{place}', 'by', models.ManyToManyField(related_name='by', to='{key}', through='matrix.By{place}'))",
            f"CreateModel('Child{place}', [], bases=('matrix.key{place}',))",
        ]
        if place % 3:
            made = made[:-1]
        project.migration("tables", made)
        third = names[(place * 5) % len(names)]
        project.migration("alter", [f"AlterField('key{place}', 'k', {KEYS[name]})" for name in (two, third)])
        gone = ["Child", "By", "Many", "Ref", "Chain", "Key"]
        project.migration("drop", [f"DeleteModel('{name}{place}')" for name in gone[place % 3 > 0 :]])


def unique_pairs(project, options):
    """A unique field becomes another while keys point at it by `to_field`."""
    names = list(UNIQUE)
    pairs = [(one, two) for one in names for two in names if one != two]
    for place, (one, two) in enumerate(chosen(options, pairs)):
        made = [
            create(f"Goal{place}", AUTO, field("u", UNIQUE[one])),
            create(f"Ref{place}", AUTO, field("a", foreign_key(f"matrix.Goal{place}", "to_field='u', ").replace("'+'", "'refs'"))),
            create(f"One{place}", AUTO, field("a", foreign_key(f"matrix.Goal{place}", "to_field='u', ", "OneToOneField"))),
            create(f"Far{place}", AUTO, field("a", foreign_key(f"matrix.One{place}", "to_field='a', "))),
        ]
        third = names[(place * 5) % len(names)]
        project.migration("tables", made)
        project.migration("alter", [f"AlterField('goal{place}', 'u', {UNIQUE[name]})" for name in (two, third)])
        project.migration("rename", [f"RenameField('goal{place}', 'u', 'v')"])
        project.migration("drop", [f"DeleteModel('{name}{place}')" for name in ("Far", "One", "Ref", "Goal")])


def default_values(project, options):
    """Rows that stand there get a value: when a column comes, when it may no longer be NULL, in the database."""
    values = defaults()
    if not options.whole:
        values = values[::5]
    project.migration("values", [create("Value", AUTO)])
    for text, default in values:
        steps = [f"AddField('value', 'f', {text}null=True))", f"AlterField('value', 'f', {text}default={default}))", "RemoveField('value', 'f')"]
        project.migration("default", steps)
        project.migration("one_off", [f"AddField('value', 'f', {text}default={default}), preserve_default=False)", "RemoveField('value', 'f')"])
        project.migration("clean", "        migrations.RunSQL('ALTER TABLE matrix_value DROP COLUMN IF EXISTS f CASCADE'),\n")
        if django.VERSION >= (5, 0) and not is_callable(default):
            project.migration("database", [f"AddField('value', 'f', {text}db_default={default}))", "RemoveField('value', 'f')"])
            project.migration("clean", "        migrations.RunSQL('ALTER TABLE matrix_value DROP COLUMN IF EXISTS f CASCADE'),\n")


def is_callable(default):
    names = ("str", "int", "float", "bool", "dict", "list", "tuple", "bytes", "decimal.Decimal", "uuid.uuid4", "models.TextChoices", "matrix.custom.word", "matrix.custom.five")
    return default in names or default.endswith((".now", ".today"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--part", default="0/1", type=lambda text: tuple(map(int, text.split("/"))))
    parser.add_argument("--only", default="plain,single,key,unique,default")
    options = parser.parse_args()
    project = Project(options.folder)
    project.migration("goals", GOALS)
    only = options.only.split(",")
    if "plain" in only:
        plain_pairs(project, options)
    if "single" in only:
        single_fields(project)
    if "key" in only:
        key_pairs(project, options)
    if "unique" in only:
        unique_pairs(project, options)
    if "default" in only:
        default_values(project, options)


if __name__ == "__main__":
    main()
