from django.db import models
from django.db.models.functions import Upper


class Port(models.Model):
    name = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=5, db_collation="C")
    depth = models.DecimalField(max_digits=6, decimal_places=2)
    notes = models.TextField(blank=True, default="")
    opened = models.DateField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(depth__gt=0), name="port_has_water"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(is_open=True), name="port_code_while_open"),
        ]


class Ship(models.Model):
    KINDS = [("ferry", "Ferry"), ("barge", "Barge"), ("tug", "Tug")]

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=KINDS)
    tonnage = models.PositiveIntegerField(default=0)
    home = models.ForeignKey(Port, models.CASCADE, related_name="at_home")
    ports = models.ManyToManyField(Port, related_name="served_by")
    flag = models.CharField(max_length=2, db_default="NO")
    built = models.IntegerField(null=True)
    captain = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "name"], name="ship_kind_name"),
            models.Index(Upper("name"), name="ship_upper_name"),
            models.Index(fields=["built"], condition=models.Q(kind="tug"), name="ship_tugs_by_year"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["home", "name"], name="ship_once_at_home"),
            models.CheckConstraint(condition=models.Q(kind__in=["ferry", "barge", "tug"]), name="ship_kind_known"),
        ]


class Buoy(models.Model):
    id = models.AutoField(primary_key=True)
    label = models.CharField(max_length=20)
