"""A project whose migrations compute what they do: custom classes, helpers, conditions, settings that an app sets."""

SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "bench",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
