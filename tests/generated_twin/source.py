"""Models, fields and migrations as Python source: what the generator composes, written as Django would read it."""

from pathlib import Path

HEADER = """import datetime
import uuid
from decimal import Decimal

import django.utils.timezone
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
"""

SETTINGS = """SECRET_KEY = "generated"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.postgres", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
"""

MANAGE = """import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""


class Field:
    """A field: its class, its options as source text, and the model that it points at."""

    def __init__(self, name, kind, options, target=None):
        self.name = name
        self.kind = kind
        self.options = dict(options)
        self.target = target
        # From the abstract base: declared there, and in the migration of every model that has it.
        self.inherited = False

    def changed(self, **options):
        field = Field(self.name, self.kind, {**self.options, **options}, self.target)
        field.options = {name: value for name, value in field.options.items() if value is not None}
        return field

    @property
    def is_relation(self):
        return self.target is not None

    @property
    def column(self):
        if "db_column" in self.options:
            return self.options["db_column"].strip("'")
        return self.name + "_id" if self.is_relation else self.name

    @property
    def source(self):
        kind = self.kind if self.kind == "ArrayField" else f"models.{self.kind}"
        positional = []
        if self.is_relation:
            positional.append(f"'shop.{self.target.name}'")
        if self.kind == "ArrayField":
            positional.append("models.IntegerField()")
        named = [f"{name}={value}" for name, value in self.options.items()]
        return f"{kind}({', '.join(positional + named)})"


class Model:
    """A model, with what the database has beside it."""

    def __init__(self, name):
        self.name = name
        self.db_table = None
        self.fields = []
        self.many = []
        self.parent = None
        # Columns of the table that no field of the migration state has.
        self.strays = []
        self.children = 0
        self.removed_from_source = False

    @property
    def table(self):
        return self.db_table or f"shop_{self.name.lower()}"

    @property
    def own(self):
        """Fields that operations may change."""
        return [field for field in self.fields if not field.inherited and "primary_key" not in field.options]

    def named(self, name):
        return next(field for field in self.fields if field.name == name)


def create_model(model):
    fields = [f"                ({field.name!r}, {field.source})," for field in model.fields]
    bases = []
    if model.parent:
        link = "auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False"
        fields.insert(
            0,
            f"                ('{model.parent.name.lower()}_ptr', "
            f"models.OneToOneField({link}, to='shop.{model.parent.name}')),",
        )
        bases.append(f"            bases=('shop.{model.parent.name.lower()}',),")
    options = [f"            options={{'db_table': {model.db_table!r}}},"] if model.db_table else []
    lines = ["migrations.CreateModel(", f"            name={model.name!r},", "            fields=[", *fields]
    return "\n".join([*lines, "            ],", *options, *bases, "        )"])


def migration(number, operations, atomic=True):
    """The text of migration `number`, which follows the one before it."""
    needs = f"('shop', '{migration_name(number - 1)}')" if number > 1 else ""
    lines = [HEADER, "", "class Migration(migrations.Migration):"]
    lines += [] if atomic else ["    atomic = False"]
    lines += [f"    dependencies = [{needs}]", "    operations = ["]
    lines += [f"        {operation}," for operation in operations]
    return "\n".join([*lines, "    ]", ""])


def migration_name(number):
    return f"{number:04d}_initial" if number == 1 else f"{number:04d}_change"


def models_source(models, absent, base):
    """`models.py`; `absent` holds the fields that migrations have and this source does not."""
    lines = [HEADER, "", "class Stamped(models.Model):"]
    lines += [_declared(field, absent) for field in base]
    lines += ["    class Meta:", "        abstract = True"]
    for model in models:
        if not model.removed_from_source:
            lines += ["", "", *_model_source(model, absent)]
    return "\n".join([*lines, ""])


def _model_source(model, absent):
    stamped = any(field.inherited for field in model.fields)
    ancestor = "Stamped" if stamped else model.parent.name if model.parent else "models.Model"
    lines = [f"class {model.name}({ancestor}):"]
    lines += [_declared(field, absent) for field in model.fields + model.many if not field.inherited]
    if model.db_table:
        lines += ["", "    class Meta:", f"        db_table = {model.db_table!r}"]
    return [*lines, "", "    def __str__(self):", "        return str(self.pk)"]


def _declared(field, absent):
    comment = "# " if field in absent else ""
    return f"    {comment}{field.name} = {field.source}"


def write(folder, models_text, migrations):
    files = {
        "settings.py": SETTINGS,
        "manage.py": MANAGE,
        "shop/__init__.py": "",
        "shop/models.py": models_text,
        "shop/migrations/__init__.py": "",
    }
    for number, text in enumerate(migrations, start=1):
        files[f"shop/migrations/{migration_name(number)}.py"] = text
    for path, text in files.items():
        place = Path(folder) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
