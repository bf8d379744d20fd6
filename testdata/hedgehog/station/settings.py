"""The station's settings, as they stand on the main branch on Friday evening."""

import os

from burrow.defaults import *  # noqa: F403

SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-the-test-project")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "hedgehog"),
        "USER": os.environ.get("PGUSER", ""),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": os.environ.get("PGPORT", ""),
    }
}

PLUGINS = [
    "hedgehog_plugin",
    "night_patrol",
    # Merged on Friday, never deployed:
    "feeding",
    "visitors",
]

INSTALLED_APPS += PLUGINS  # noqa: F405
