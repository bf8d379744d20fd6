"""Columns that the database computes when they are read: Django 6.0 on PostgreSQL 18."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("pasture", "0016_in_one_migration")]

    operations = [
        migrations.CreateModel(
            "Plot",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("width", models.IntegerField()),
                ("area", models.GeneratedField(db_persist=False, expression=F("width") * F("width"), output_field=models.IntegerField())),
            ],
        ),
        migrations.AddField("plot", "double", models.GeneratedField(db_comment="twice", db_persist=False, expression=F("width") + F("width"), output_field=models.BigIntegerField())),
        migrations.RemoveField("plot", "area"),
    ]
