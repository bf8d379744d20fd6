"""Columns that the database computes and stores."""

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("vineyard", "0001_database_defaults")]

    operations = [
        migrations.CreateModel(
            "Basket",
            [
                ("id", models.BigAutoField(**KEY)),
                ("width", models.PositiveIntegerField()),
                ("depth", models.IntegerField(db_column="Depth")),
                ("name", models.CharField(max_length=9)),
                ("area", models.GeneratedField(db_persist=True, expression=F("width") * F("depth"), output_field=models.BigIntegerField())),
                ("is_wide", models.GeneratedField(db_persist=True, expression=Q(width__gt=10), output_field=models.BooleanField())),
                ("lower", models.GeneratedField(db_persist=True, expression=Lower("name"), output_field=models.CharField(db_collation="C", max_length=9), unique=True)),
                ("indexed", models.GeneratedField(db_comment="it's", db_index=True, db_persist=True, expression=Lower("name"), output_field=models.TextField())),
            ],
        ),
        migrations.AddField("basket", "volume", models.GeneratedField(db_column="Volume", db_persist=True, expression=F("width") * 3, output_field=models.DecimalField(decimal_places=2, max_digits=9))),
        migrations.AddField("basket", "percent", models.GeneratedField(db_index=True, db_persist=True, expression=Coalesce("name", Value(" 100 % it's")), output_field=models.CharField(max_length=20))),
        migrations.AlterField("basket", "area", models.GeneratedField(db_persist=True, expression=F("width") * F("depth"), output_field=models.BigIntegerField(), verbose_name="how large")),
        migrations.RemoveField("basket", "is_wide"),
        migrations.AddField("basket", "is_wide", models.GeneratedField(db_persist=True, expression=Q(width__gt=20), output_field=models.BooleanField())),
        migrations.RenameField("basket", "percent", "share"),
        migrations.RemoveField("basket", "share"),
    ]
