"""`opclasses` of an exclusion constraint, which 5.0 took away."""

import django
import django.contrib.postgres.fields
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annex", "0001_checks")]

    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("during", django.contrib.postgres.fields.DateRangeField()),
            ],
        ),
        *(
            [
                migrations.AddConstraint(
                    "visit",
                    ExclusionConstraint(name="visit_alone", expressions=[("during", "&&")], opclasses=["range_ops"]),
                )
            ]
            if django.VERSION < (5, 0)
            else []
        ),
    ]
