from django.apps import AppConfig

from bench import conf  # noqa: F401


class BenchConfig(AppConfig):
    name = "bench"
