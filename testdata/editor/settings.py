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
    "gauge",
    "attic",
    # Arguments that one of the releases does not know stand apart.
    *(["depot"] if django.VERSION >= (5, 1) else ["annex", "cellar"]),
    *(["loft"] if django.VERSION >= (5, 2) else []),
    "pasture",
    # Composite keys came with 5.2; the fields of the other lost their SQL with 5.1.
    "vineyard" if django.VERSION >= (5, 2) else "aviary",
    *(["grove"] if django.VERSION >= (6, 0) else []),
]
if django.VERSION >= (5, 1):
    INSTALLED_APPS.append("dial")
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
