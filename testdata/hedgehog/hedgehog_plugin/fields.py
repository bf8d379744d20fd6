from django.db import models


class GramsField(models.PositiveIntegerField):
    """A weight in grams."""


class ChipField(models.CharField):
    """The number of an animal's chip: fifteen digits (ISO 11784)."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 15
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
