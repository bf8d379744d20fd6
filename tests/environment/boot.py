"""Brings real Django up for a project, on a database of a throw-away server.

The scripts beside this one run in the Python that has Django; none of them is imported by a project.
"""

import argparse
import importlib
import json
import os
import sys
import types


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--settings", required=True, help="dotted name of the settings module")
    parser.add_argument("--path", action="append", default=[], help="a folder to import from; may be repeated")
    parser.add_argument("--socket", required=True, help="folder of the server's unix socket")
    parser.add_argument("--database", required=True, help="name of the database")
    return parser


def boot(options):
    """Sets Django up with the project's own settings, but for the database."""
    sys.path[:0] = options.path
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": options.socket,
        "NAME": options.database,
        "USER": "postgres",
    }
    project = importlib.import_module(options.settings)
    settings = types.ModuleType("settings_on_a_test_server")
    settings.__dict__.update({name: value for name, value in vars(project).items() if name.isupper()})
    settings.DATABASES = {"default": database}
    sys.modules[settings.__name__] = settings
    os.environ["DJANGO_SETTINGS_MODULE"] = settings.__name__
    import django

    django.setup()
    from django.db.backends.postgresql.features import DatabaseFeatures

    # Servers that are older than what this Django supports are tried, too: the statements are the same.
    DatabaseFeatures.minimum_database_version = (13,)


def answering():
    """A function that prints one JSON value as the whole of standard output; all else goes to standard error."""
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def give(value):
        json.dump(value, answer, indent=1)
        answer.close()

    return give
