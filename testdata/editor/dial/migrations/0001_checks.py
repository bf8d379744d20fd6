from django.db import migrations, models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models import functions as fn
from django.db.models.lookups import Exact, GreaterThan, In


def check(condition, name):
    return migrations.AddConstraint("dial", models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Dial",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("low", models.IntegerField(null=True)),
                ("high", models.IntegerField()),
                ("name", models.CharField(max_length=20)),
                ("on", models.BooleanField(default=False)),
                ("made", models.DateTimeField()),
            ],
        ),
        # Conditions that are no `Q`.
        check(GreaterThan(F("high"), F("low")), "dial_expression"),
        check(Q(GreaterThan(F("high"), 5)) | Q(low=1), "dial_expression_in_q"),
        check(~GreaterThan(F("high"), F("low") + 1), "dial_negated"),
        check(Exact(fn.Lower("name"), "x%") & Q(on=True), "dial_and"),
        check(In(F("low"), [1, 2]) | In(fn.Length("name"), [3]), "dial_in"),
        check(ExpressionWrapper(Q(low=1), output_field=models.BooleanField()), "dial_wrapped"),
        check(Q(Func(F("name"), Value("a"), function="starts_with", output_field=models.BooleanField())), "dial_function"),
        check(Q(made__lte=fn.Now()), "dial_now"),
        check(Q(name=F("name")[1:3]) | Q(name=F("name")[0]), "dial_slice"),
        # What an integer cannot be.
        check(Q(low=3000000000) | Q(high=1), "dial_too_large"),
        check(~Q(low__gt=3000000000) & Q(high=1), "dial_never_larger"),
    ]
