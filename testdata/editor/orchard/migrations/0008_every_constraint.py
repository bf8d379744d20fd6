import django.contrib.postgres.fields
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models import Deferrable, F, Func, Q, UniqueConstraint
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("orchard", "0007_every_index")]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("room", models.IntegerField()),
                ("begins", models.IntegerField()),
                ("ends", models.IntegerField()),
                ("active", models.BooleanField(default=True)),
                ("span", django.contrib.postgres.fields.IntegerRangeField()),
                ("days", django.contrib.postgres.fields.DateRangeField()),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(expressions=[("span", RangeOperators.OVERLAPS)], name="booking_in_table"),
                    UniqueConstraint(Lower("name"), name="booking_lower"),
                ]
            },
        ),
        migrations.AddConstraint("booking", ExclusionConstraint(expressions=[("span", "&&"), ("room", "=")], index_type="gist", name="b_two")),
        migrations.AddConstraint("booking", ExclusionConstraint(condition=Q(active=True), expressions=[(F("days"), "-|-")], index_type="SPGIST", name="b_spgist")),
        migrations.AddConstraint("booking", ExclusionConstraint(deferrable=Deferrable.DEFERRED, expressions=[("days", "&&")], include=["room", "name"], name="b_deferred")),
        migrations.AddConstraint("booking", ExclusionConstraint(deferrable=Deferrable.IMMEDIATE, expressions=[("days", "=")], name="b_immediate")),
        migrations.AddConstraint("booking", ExclusionConstraint(expressions=[(OpClass("room", name="gist_int4_ops"), "="), ("span", "&&")], name="b_opclass")),
        migrations.AddConstraint(
            "booking",
            ExclusionConstraint(expressions=[(Func("begins", "ends", function="int4range"), "&&"), (F("room") + 1, "=")], name="b_function"),
        ),
        migrations.AddConstraint("booking", UniqueConstraint(fields=["name", "room"], name="b_u_plain")),
        migrations.AddConstraint("booking", UniqueConstraint(deferrable=Deferrable.IMMEDIATE, fields=["room", "begins"], name="b_u_immediate")),
        migrations.AddConstraint("booking", UniqueConstraint(condition=Q(active=True) & ~Q(room=1), fields=["begins"], include=["ends"], name="b_u_all")),
        migrations.AddConstraint("booking", UniqueConstraint(fields=["name"], name="b_u_opclass", opclasses=["varchar_pattern_ops"], violation_error_message="taken")),
        migrations.AddConstraint("booking", UniqueConstraint(F("room").desc(), Lower("name"), condition=Q(ends__gt=0), include=["begins"], name="b_u_expressions")),
        migrations.AddConstraint("booking", UniqueConstraint(fields=["name", "ends"], name="b_" + "long_" * 13)),
        migrations.RemoveConstraint("booking", "b_u_opclass"),
        migrations.RemoveConstraint("booking", "b_u_immediate"),
        migrations.RemoveConstraint("booking", "b_u_expressions"),
        migrations.RemoveConstraint("booking", "b_deferred"),
        migrations.RenameField("booking", "days", "dates"),
        migrations.RemoveConstraint("booking", "b_" + "long_" * 13),
    ]
