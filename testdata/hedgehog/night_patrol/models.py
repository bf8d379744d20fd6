from django.db import models

from nightwatch.models import WatchedModel


class Patrol(WatchedModel):
    walked_on = models.DateField()
    route = models.CharField(max_length=80, blank=True)


class Sighting(WatchedModel):
    patrol = models.ForeignKey("night_patrol.Patrol", on_delete=models.CASCADE, related_name="sightings")
    seen_at = models.TimeField()
    street = models.CharField(max_length=120, blank=True)
