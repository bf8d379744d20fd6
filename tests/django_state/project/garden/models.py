from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .fields import Box, Owner, ShortText, Weight


class Colour(models.TextChoices):
    RED = "red", "Red"
    BLUE = "blue", "Blue"


class Named:
    # No model: its field stays a plain attribute.
    ghost = models.CharField(max_length=5)


class Bed(Named, models.Model):
    code = models.CharField(max_length=8, primary_key=True)
    area = Box(null=True)

    class Meta:
        db_table = "beds"


class Plant(models.Model):
    name = ShortText()
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.RED)
    weight = Weight(default=0)
    bed = models.ForeignKey(Bed, models.CASCADE, related_name="+")
    owner = Owner("people.Gardener", models.CASCADE)
    helpers = models.ManyToManyField("people.Helper")
    twin = models.OneToOneField("self", models.CASCADE, null=True)
    words = ArrayField(models.CharField(max_length=3), size=4, default=list)
    price = models.DecimalField(max_digits=6, decimal_places=2, db_index=True)

    class Meta:
        unique_together = ("name", "bed")
        indexes = [models.Index(fields=["bed", "-price"]), GinIndex(fields=["words"])]
        order_with_respect_to = "bed"
        constraints = [models.CheckConstraint(condition=models.Q(weight__gte=0), name="heavy")]
