import django.contrib.postgres.constraints
import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("yard", "0006_indexes")]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=20)),
                ("begins", models.IntegerField()),
                ("ends", models.IntegerField(null=True)),
                ("paid", models.BooleanField(default=False)),
                ("maybe", models.BooleanField(null=True)),
                ("price", models.DecimalField(decimal_places=2, max_digits=8)),
                ("estate", models.ForeignKey(null=True, on_delete=models.CASCADE, to="yard.estate")),
                ("span", django.contrib.postgres.fields.IntegerRangeField(null=True)),
                ("note", models.TextField(null=True)),
                ("on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["begins"], name="lease_begins", deferrable=models.Deferrable.DEFERRED),
                    models.UniqueConstraint(fields=["ends"], name="lease_ends", deferrable=models.Deferrable.IMMEDIATE),
                ]
            },
        ),
        migrations.AddConstraint("lease", models.UniqueConstraint(fields=["state", "begins"], name="lease_plain")),
        migrations.AddConstraint("lease", models.UniqueConstraint(fields=["state"], include=["paid"], name="lease_covering")),
        migrations.AddConstraint("lease", models.UniqueConstraint(Lower("state"), "begins", name="lease_expression")),
        migrations.AddConstraint("lease", models.UniqueConstraint(Lower("state").desc(), condition=Q(paid=True), name="lease_expression_if")),
        migrations.AddConstraint("lease", models.UniqueConstraint(condition=~Q(state="x"), fields=["ends"], name="lease_not")),
        migrations.AddConstraint("lease", models.UniqueConstraint(fields=["note"], name="lease_opclass", opclasses=["text_pattern_ops"])),
        migrations.AddConstraint(
            "lease",
            django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("span", "&&"), ("estate", "=")],
                condition=Q(paid=True),
                name="lease_overlap",
            ),
        ),
        migrations.RemoveConstraint("lease", "lease_covering"),
        migrations.RemoveConstraint("lease", "lease_plain"),
        migrations.RemoveConstraint("lease", "lease_overlap"),
    ]
