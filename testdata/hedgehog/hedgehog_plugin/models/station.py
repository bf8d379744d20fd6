from django.db import models

from burrow.models import BurrowModel, NestedBurrowModel
from hedgehog_plugin.choices import EnclosureKindChoices

__all__ = ("Area", "Enclosure", "Species")


class Area(NestedBurrowModel):
    """A part of the station: house, room, shelf. The tree's own columns come from a metaclass."""

    opened_on = models.DateField(blank=True, null=True)

    class Meta:
        ordering = ("name",)


class Species(BurrowModel):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80)
    latin_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "species"


class Enclosure(BurrowModel):
    area = models.ForeignKey("hedgehog.Area", on_delete=models.PROTECT, related_name="enclosures")
    label = models.CharField(max_length=40)
    kind = models.CharField(
        max_length=20,
        choices=EnclosureKindChoices.CHOICES,
        default=EnclosureKindChoices.CAGE,
    )
    places = models.PositiveSmallIntegerField(default=1)
    # heat_lamp_watts = models.PositiveSmallIntegerField(default=0)
