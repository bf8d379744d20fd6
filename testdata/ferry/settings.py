"""A small project with every kind of object that migrations make, so that each can be broken."""

SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["harbour", "crew"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
