import datetime
import decimal

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Length, Lower

STATES = ["open", "closed"]


def check(condition, name):
    return models.CheckConstraint(condition=condition, name=name)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Crate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=20, null=True)),
                ("begins", models.IntegerField()),
                ("ends", models.IntegerField(null=True)),
                ("paid", models.BooleanField(default=False)),
                ("price", models.DecimalField(decimal_places=2, max_digits=8)),
                ("on", models.DateField(null=True)),
                ("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="self")),
            ],
            options={
                "constraints": [
                    check(Q(state__in=STATES), "crate_state"),
                    models.CheckConstraint(condition=Q(begins__gte=0), name="crate_%(class)s"),
                ]
            },
        ),
        migrations.AddConstraint("crate", check(Q(ends__gt=F("begins")), "crate_ends")),
        migrations.AddConstraint("crate", check(Q(ends__gt=F("begins") + 1), "crate_ends_plus")),
        migrations.AddConstraint("crate", check(Q(ends__isnull=True) | Q(begins__lt=5), "crate_or")),
        migrations.AddConstraint("crate", check(Q(Q(ends=1), Q(begins=2) | Q(begins=3), paid=True), "crate_nested")),
        migrations.AddConstraint("crate", check(~Q(ends=1), "crate_not")),
        migrations.AddConstraint("crate", check(~Q(begins=1), "crate_not_null")),
        migrations.AddConstraint("crate", check(~Q(Q(ends=1) | Q(begins=2)), "crate_not_or")),
        migrations.AddConstraint("crate", check(~Q(ends=F("begins")) & ~Q(state=""), "crate_not_and")),
        migrations.AddConstraint("crate", check(~(Q(begins=1) & ~Q(ends__lte=2)), "crate_not_not")),
        migrations.AddConstraint("crate", check(Q(begins__range=(1, 9)), "crate_range")),
        migrations.AddConstraint("crate", check(Q(price__gte=decimal.Decimal("0.50"), price__lt=1000), "crate_price")),
        migrations.AddConstraint("crate", check(Q(on__gte=datetime.date(2020, 1, 1)), "crate_on")),
        migrations.AddConstraint("crate", check(Q(state__contains="5%_x"), "crate_contains")),
        migrations.AddConstraint("crate", check(Q(state__istartswith="o"), "crate_istartswith")),
        migrations.AddConstraint("crate", check(Q(state__endswith="n") | Q(state__iexact="X"), "crate_endswith")),
        migrations.AddConstraint("crate", check(Q(state__regex=r"^[a-z]+\d$"), "crate_regex")),
        migrations.AddConstraint("crate", check(Q(paid=True) | Q(paid=False, ends=None), "crate_bool")),
        migrations.AddConstraint("crate", check(Q(parent__isnull=True) | ~Q(parent=F("id")), "crate_parent")),
        migrations.AddConstraint("crate", check(Q(parent_id__gt=0), "crate_parent_id")),
        migrations.AddConstraint("crate", check(Q(pk__gt=0), "crate_pk")),
        migrations.AddConstraint("crate", check(Q(begins__gte=-2.5), "crate_float")),
        migrations.AddConstraint("crate", check(Q(state=Lower("state")), "crate_lower")),
        migrations.AddConstraint("crate", check(Q(state=Value("x")) | Q(code=Coalesce("state", Value("y"))), "crate_value")),
        migrations.AddConstraint("crate", check(Q(begins=Case(When(paid=True, then=1), default=Value(2))), "crate_case")),
        migrations.AddConstraint("crate", check(Q(begins=Cast("state", models.IntegerField())), "crate_cast")),
        migrations.AddConstraint("crate", check(Q(begins__lte=F("ends") * 2 - 1), "crate_arithmetic")),
        migrations.AddConstraint("crate", check(Q(_connector="OR", begins=1, ends=2, state="z"), "crate_connector")),
        migrations.AddConstraint("crate", check(Q(("begins__gte", 1), ("ends__lte", 9), _negated=True), "crate_tuples")),
        migrations.AddConstraint("crate", check(Q(code__in=["a", None, "b", "a"]), "crate_in")),
        migrations.AddConstraint("crate", check(Q(), "crate_empty") if False else check(Q(begins=Length("state")), "crate_length")),
        AddConstraintNotValid("crate", check(Q(begins__gt=0), "crate_not_valid")),
        ValidateConstraint("crate", "crate_not_valid"),
        migrations.RemoveConstraint("crate", "crate_range"),
    ]
