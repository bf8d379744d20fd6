"""A Django project as data, and how it is written as source: what `mutate.py` changes."""

from dataclasses import dataclass, field

HEADER = """import datetime
import decimal
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, HashIndex
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import CheckConstraint, Deferrable, F, Index, Q, UniqueConstraint
from django.db.models.functions import Length, Lower, Upper
from django.utils import timezone
"""
CONSTANTS = """
SHORT = 12
LONG = SHORT * 4
STATES = [("a", "A"), ("b", "B")]
GROUPED = (("One", (("a", "A"), ("b", "B"))), ("c", "C"))


def nothing():
    return 0


def texted(length=30, **options):
    return models.CharField(max_length=length, **options)


def keyed(to, **options):
    return models.ForeignKey(to, on_delete=models.CASCADE, related_name="+", **options)


class State(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"


class Rank(models.IntegerChoices):
    LOW = 1
    HIGH = 2
"""
FIELDS = """from django.db import models


class CodeField(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 33)
        super().__init__(*args, **kwargs)


class FixedField(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 40
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs


class ShortField(models.CharField):
    def __init__(self, verbose_name=None, max_length=11, **kwargs):
        super().__init__(verbose_name, max_length=max_length, **kwargs)


class MoneyField(models.DecimalField):
    DIGITS = 9

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"] = self.DIGITS
        kwargs["decimal_places"] = 3
        super().__init__(*args, **kwargs)


class LetterField(models.TextField):
    def db_type(self, connection):
        return "varchar(5)"


class SmallField(models.IntegerField):
    def get_internal_type(self):
        return "SmallIntegerField"


class ParentKey(models.ForeignKey):
    def __init__(self, to, on_delete=models.CASCADE, **kwargs):
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)
"""


@dataclass
class Field:
    name: str
    kind: str
    options: dict = field(default_factory=dict)
    # The model that a relation points at; "self" and "user" too.
    to: object = None
    through: object = None

    @property
    def many(self):
        return self.kind == "ManyToManyField"

    def source(self, app, model):
        options = dict(self.options)
        arguments = []
        if self.to is not None:
            arguments.append(self.target(app, model))
            if not self.many and self.kind not in ("fields.ParentKey", "keyed"):
                arguments.append(options.pop("on_delete", "models.CASCADE"))
            options.pop("on_delete", None)
            if self.through:
                options["through"] = f'"{self.through.app.label}.{self.through.name}"'
        if self.kind == "ArrayField":
            arguments.append(options.pop("base"))
        arguments += [f"{name}={value}" for name, value in options.items()]
        dotted = "." in self.kind or self.kind in ("ArrayField", "texted", "keyed")
        return f"{self.kind if dotted else 'models.' + self.kind}({', '.join(arguments)})"

    def target(self, app, model):
        if self.to == "self":
            return '"self"'
        if self.to == "user":
            return "settings.AUTH_USER_MODEL"
        if self.to.app is app:
            written = model is not None and app.layout == "module" and self.to.number < model.number and self.to.number % 2
            return self.to.name if written else f'"{self.to.name}"'
        return f'"{self.to.app.label}.{self.to.name}"'


@dataclass
class Part:
    """An index or a constraint of a Meta, and the fields that it needs."""

    source: str
    fields: set


@dataclass
class Model:
    name: str
    app: object
    number: int
    fields: list = field(default_factory=list)
    bases: list = field(default_factory=list)
    parent: object = None
    abstract: bool = False
    # What is in Meta, by option, as source.
    meta: dict = field(default_factory=dict)
    indexes: list = field(default_factory=list)
    constraints: list = field(default_factory=list)
    together: list = field(default_factory=list)
    swaps_user: bool = False
    meta_base: object = None

    def source(self):
        bases = [base.name for base in self.bases]
        if self.parent is not None:
            bases.append(self.parent.name)
        if self.swaps_user:
            bases.insert(0, "AbstractBaseUser")
        lines = [f"class {self.name}({', '.join(bases or ['models.Model'])}):"]
        for entry in self.fields:
            lines.append(f"    {entry.name} = {entry.source(self.app, self)}")
        if self.swaps_user:
            lines.append(f'    USERNAME_FIELD = "{self.fields[0].name}"')
        meta = {"abstract": "True"} if self.abstract else {}
        meta |= self.meta
        for name, parts in (("indexes", self.indexes), ("constraints", self.constraints)):
            if parts:
                meta[name] = "[" + ", ".join(part.source for part in parts) + "]"
        if self.together:
            meta["unique_together"] = "{" + ", ".join(repr(tuple(names)) for names in self.together) + "}"
        if meta or self.meta_base:
            lines += ["", f"    class Meta{f'({self.meta_base.name}.Meta)' if self.meta_base else ''}:"]
            lines += [f"        {name} = {value}" for name, value in meta.items()] or ["        pass"]
        if len(lines) == 1:
            lines.append("    pass")
        return "\n".join(lines) + "\n"

    def columned(self):
        """The names of fields with a column in the model's own table, inherited ones of abstract bases too."""
        own = [entry for entry in self.fields if not entry.many]
        return own + [entry for base in self.bases if base.abstract for entry in base.columned()]


@dataclass
class App:
    label: str
    layout: str
    models: list = field(default_factory=list)
    bases: list = field(default_factory=list)

    def files(self):
        label = self.label
        imports = f"{HEADER}\nfrom {label} import fields\n"
        names = ", ".join(base.name for base in self.bases)
        if names:
            imports += f"from {label}.bases import {names}\n"
        bases = f"{HEADER}\nfrom {label} import fields\n{CONSTANTS}\n\n" + "\n\n".join(base.source() for base in self.bases)
        files = {f"{label}/bases.py": bases, f"{label}/fields.py": FIELDS}
        if any(model.swaps_user for model in self.models):
            imports += "from django.contrib.auth.base_user import AbstractBaseUser\n"
        if self.layout == "module":
            text = imports + CONSTANTS + "\n\n" + "\n\n".join(model.source() for model in self.models)
            return files | {f"{label}/models.py": text}
        starred = self.layout == "starred"
        listed = []
        for model in self.models:
            stem = model.name.lower()
            parent = model.parent
            text = imports + f"from {label}.constants import *\n"
            if parent is not None:
                text += f"from .{parent.name.lower()} import {parent.name}\n"
            if starred:
                text += f'\n__all__ = ["{model.name}"]\n'
            files[f"{label}/models/{stem}.py"] = text + "\n\n" + model.source()
            listed.append(f"from .{stem} import {'*' if starred else model.name}\n")
        constants = "from django.db import models\n" + CONSTANTS
        return files | {f"{label}/models/__init__.py": "".join(listed), f"{label}/constants.py": constants}


@dataclass
class Project:
    apps: list
    user: str = None
    auto_field: str = "BigAutoField"

    def files(self):
        installed = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres"]
        installed += [app.label for app in self.apps]
        settings = f"INSTALLED_APPS = {installed!r}\nSECRET_KEY = 'x'\nUSE_TZ = True\n"
        settings += "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n"
        settings += f"DEFAULT_AUTO_FIELD = 'django.db.models.{self.auto_field}'\n"
        if self.user:
            settings += f"AUTH_USER_MODEL = '{self.user}'\n"
        files = {"settings.py": settings}
        for app in self.apps:
            files |= app.files()
        return files
