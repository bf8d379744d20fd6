"""Writes what real Django makes of the migrations and models of `project/`: run with Django and psycopg on the path.

    python tests/django_state/generate.py > tests/django_state/facts.json

No database is asked. Django 5.1 or later, for `CheckConstraint(condition=...)`.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "project"))

import django
from django.apps import apps
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["people.apps.PeopleConfig", "garden.apps.GardenConfig"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
)
django.setup()

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState, StateApps

ORDER = [("people", "0001_initial"), ("garden", "0001_initial"), ("garden", "0002_rename"), ("people", "0002_mail")]


def together(value):
    return sorted(list(group) for group in value or ())


def through(field):
    between = getattr(field.remote_field, "through", None)
    return between._meta.label_lower if between and not between._meta.auto_created else None


def field(field):
    relation = field.remote_field
    return {
        "column": None if field.many_to_many else field.column,
        "db_type": field.db_type(connection),
        "check": field.db_check(connection),
        "null": field.null,
        "unique": field.unique,
        "db_index": field.db_index,
        "primary_key": field.primary_key,
        "default": field.has_default(),
        "to": relation.model._meta.label_lower if relation else None,
        "through": through(field),
    }


def model(state, rendered):
    options = state.options
    fields = [*rendered._meta.local_fields, *rendered._meta.local_many_to_many]
    return {
        "name": state.name,
        "table": rendered._meta.db_table,
        "managed": rendered._meta.managed,
        "proxy": rendered._meta.proxy,
        "state_fields": sorted(state.fields),
        "fields": {each.name: field(each) for each in fields},
        "unique_together": together(options.get("unique_together")),
        "index_together": together(options.get("index_together")),
        "indexes": sorted(index.name for index in options["indexes"]),
        "constraints": sorted(constraint.name for constraint in options["constraints"]),
        "order_with_respect_to": options.get("order_with_respect_to"),
        "parents": [base for base in state.bases if isinstance(base, str)],
    }


def models(state, registry):
    return {
        f"{app}.{name}": model(each, registry.get_model(app, name))
        for (app, name), each in sorted(state.models.items())
    }


def main():
    loader = MigrationLoader(None)
    state = ProjectState()
    facts = {"migrations": {}}
    for key in ORDER:
        state = loader.graph.nodes[key].mutate_state(state)
        facts["migrations"][".".join(key)] = models(state, StateApps([], state.models))
    facts["models"] = models(ProjectState.from_apps(apps), apps)
    json.dump(facts, sys.stdout, indent=1, sort_keys=True)
    print()


main()
