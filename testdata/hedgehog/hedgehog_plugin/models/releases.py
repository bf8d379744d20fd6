import datetime

from django.db import models

from burrow.models import ChangeLoggedModel

__all__ = ("Release",)


class Release(ChangeLoggedModel):
    """A hedgehog goes home."""

    patient = models.OneToOneField("hedgehog.Patient", on_delete=models.CASCADE, related_name="release")
    day = models.DateField(default=datetime.date.today)
    place = models.CharField(max_length=200, blank=True)
    witness = models.CharField(max_length=80, default="")
    weather = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="hedgehog_release_day_idx"),
        ]
