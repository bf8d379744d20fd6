"""A project of migrations only: each file is one theme of the schema editor."""

import django

SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "yard",
    "orchard",
    # Arguments that one of the releases does not know stand apart.
    *(["depot"] if django.VERSION >= (5, 1) else ["annex", "cellar"]),
    *(["loft"] if django.VERSION >= (5, 2) else []),
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
