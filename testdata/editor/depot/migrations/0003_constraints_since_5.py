from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

DISTINCT = models.UniqueConstraint(fields=["shelf", "room"], name="bay_distinct", nulls_distinct=True)


class Migration(migrations.Migration):
    dependencies = [("depot", "0002_database_defaults")]

    operations = [
        migrations.CreateModel(
            name="Bay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shelf", models.IntegerField(null=True)),
                ("room", models.IntegerField(null=True)),
                ("span", IntegerRangeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["shelf"], name="bay_same_nulls", nulls_distinct=False),
                    DISTINCT,
                    # Django forgets `deferrable` where `nulls_distinct` is given.
                    models.UniqueConstraint(
                        deferrable=models.Deferrable.DEFERRED, fields=["room", "shelf"], name="bay_late", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        condition=Q(room__gt=3), fields=["room"], include=["span"], name="bay_index", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=Q(room__gt=0), name="bay_room", violation_error_code="room"),
                ]
            },
        ),
        migrations.AddConstraint("bay", models.UniqueConstraint("shelf", "room", name="bay_expressions", nulls_distinct=False)),
        migrations.AddConstraint(
            "bay",
            models.UniqueConstraint(
                deferrable=models.Deferrable.IMMEDIATE, fields=["id", "room"], name="bay_deferrable", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            "bay",
            ExclusionConstraint(expressions=[("span", "&&")], name="bay_span", violation_error_code="span", violation_error_message="no"),
        ),
        AddConstraintNotValid("bay", models.CheckConstraint(condition=~Q(shelf=7), name="bay_not_valid")),
        ValidateConstraint(model_name="bay", name="bay_not_valid"),
    ]
