import datetime

from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models import functions as fn
from django.db.models.lookups import GreaterThan


def generated(name, expression, output):
    return migrations.AddField("dial", name, models.GeneratedField(expression=expression, output_field=output, db_persist=True))


class Migration(migrations.Migration):
    dependencies = [("dial", "0001_checks")]

    operations = [
        generated("both", fn.Concat("name", Value("-"), "high", output_field=models.TextField()), models.TextField()),
        generated("large", GreaterThan(F("high"), 100), models.BooleanField()),
        generated("rest", F("high") % 7, models.IntegerField()),
        generated("bare_rest", F("high") * F("low"), models.IntegerField()),
        generated("kind", Case(When(on=True, then=Value("o'n")), default=Value("50%")), models.CharField(max_length=5)),
        migrations.AddField("dial", "until", models.DateTimeField(db_default=fn.Now() + datetime.timedelta(days=3))),
        migrations.AddField("dial", "code", models.CharField(max_length=9, db_default=fn.Lower(Value("A%B")))),
        migrations.AddField("dial", "sizes", ArrayField(models.IntegerField(), db_default=[1, 2])),
        migrations.AddField("dial", "spread", IntegerRangeField(db_default=(1, 5))),
        migrations.AddField("dial", "data", models.JSONField(db_default={"a": [1, "ü"]})),
        migrations.AddField("dial", "share", models.DecimalField(max_digits=9, decimal_places=3, db_default=Value(1) / Value(3.0))),
    ]
