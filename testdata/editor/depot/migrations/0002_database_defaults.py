import decimal

import django.contrib.postgres.functions
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now, Pi, Upper


class Migration(migrations.Migration):
    dependencies = [("depot", "0001_checks")]

    operations = [
        migrations.CreateModel(
            name="Tool",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(db_default="new", max_length=20)),
                ("made", models.DateTimeField(db_default=Now())),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID())),
                ("count", models.IntegerField(db_default=-1, db_comment="how many there's")),
            ],
            options={
                "db_table_comment": "all the tools",
                "constraints": [
                    models.CheckConstraint(condition=Q(count__gt=-5), name="tool_count"),
                    models.UniqueConstraint(fields=["name", "count"], name="tool_pair", nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made", models.DateTimeField(db_default=Now())),
                ("width", models.IntegerField()),
                ("area", models.GeneratedField(db_persist=True, expression=F("width") * F("width"), output_field=models.IntegerField())),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["width"], name="shelf_width", nulls_distinct=True)]},
        ),
        migrations.AddField("tool", "price", models.DecimalField(db_default=decimal.Decimal("2.5"), decimal_places=2, max_digits=6)),
        migrations.AddField("tool", "is_new", models.BooleanField(db_default=True, default=False)),
        migrations.AddField("tool", "pi", models.FloatField(db_default=Pi())),
        migrations.AddField("tool", "note", models.TextField(db_default="", null=True)),
        migrations.AddField("tool", "loud", models.GeneratedField(db_persist=True, expression=Upper("note"), output_field=models.TextField())),
        migrations.AlterField("tool", "name", models.CharField(db_default="other", max_length=30)),
        migrations.AlterField("tool", "name", models.CharField(db_default="other", max_length=30, help_text="same")),
        migrations.AlterField("tool", "name", models.CharField(max_length=30)),
        migrations.AlterField("tool", "name", models.CharField(max_length=30, null=True)),
        migrations.AlterField("tool", "name", models.CharField(db_default="back", max_length=30)),
        migrations.AlterField("tool", "count", models.IntegerField(db_default=-1, db_comment="other")),
        migrations.AlterField("tool", "count", models.BigIntegerField(db_default=-1)),
        migrations.AlterModelTableComment("tool", "some tools"),
        migrations.AlterModelTableComment("tool", None),
        migrations.AddField("tool", "noted", models.IntegerField(db_comment="why's", null=True)),
        migrations.AddConstraint("tool", models.UniqueConstraint(fields=["noted"], name="tool_noted", nulls_distinct=False)),
        migrations.AddConstraint("tool", models.UniqueConstraint(condition=Q(count=1), fields=["noted"], name="tool_noted_if", nulls_distinct=False)),
        migrations.RemoveConstraint("tool", "tool_noted"),
        migrations.AddField("tool", "shelf", models.ForeignKey(db_default=1, on_delete=models.CASCADE, to="depot.shelf")),
    ]
