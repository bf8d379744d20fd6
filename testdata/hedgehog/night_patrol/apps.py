from django.apps import AppConfig


class NightPatrolConfig(AppConfig):
    name = "night_patrol"
    default_auto_field = "django.db.models.BigAutoField"
