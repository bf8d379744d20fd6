from django.apps import AppConfig


class FeedingConfig(AppConfig):
    name = "feeding"
    default_auto_field = "django.db.models.BigAutoField"
