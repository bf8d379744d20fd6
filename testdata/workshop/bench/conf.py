"""Settings of the app: set where the project has none."""

from django.conf import settings

settings.BENCH_IN_TWO_STEPS = getattr(settings, "BENCH_IN_TWO_STEPS", True)
