from django.db import models


class ShortText(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 12)
        super().__init__(*args, **kwargs)


class Weight(models.IntegerField):
    def get_internal_type(self):
        return "PositiveIntegerField"


class Box(models.Field):
    def db_type(self, connection):
        return "box"


class Owner(models.ForeignKey):
    def __init__(self, *args, **kwargs):
        defaults = {"null": True, "db_index": False}
        defaults.update(kwargs)
        super().__init__(*args, **defaults)
