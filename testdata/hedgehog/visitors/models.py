from django.db import models


class Visit(models.Model):
    visitor = models.CharField(max_length=120)
    day = models.DateField()
    guide = models.CharField(max_length=80, blank=True)
    badge = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=8, blank=True, null=True)
    adults = models.PositiveSmallIntegerField()
    patient = models.ForeignKey(
        "hedgehog.Patient", on_delete=models.SET_NULL, blank=True, null=True, related_name="+"
    )
