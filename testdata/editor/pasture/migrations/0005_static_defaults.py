"""Values of every Python type, for the rows that stand there when a column comes."""

import datetime
import decimal
import uuid
from collections import OrderedDict

import django.utils.timezone
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, HStoreField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils.translation import gettext_lazy


def seven():
    return 7


class Colour(models.TextChoices):
    RED = "red", "Red"


UTC = datetime.timezone.utc
FIELDS = {
    "quoted": models.CharField(default="it's a \"word\"", max_length=90),
    "escaped": models.CharField(default="C:\\new\nline\t100 % %s %%", max_length=90),
    "letters": models.TextField(default="größer 日本 \U0001f600"),
    "lazy": models.CharField(default=gettext_lazy("a lazy text"), max_length=90),
    "choice": models.CharField(default=Colour.RED, max_length=90),
    "number_as_text": models.CharField(default=5, max_length=90),
    "called": models.IntegerField(default=seven),
    "text_as_number": models.IntegerField(default="42"),
    "negative": models.BigIntegerField(default=-9223372036854775808),
    "truth": models.BooleanField(default=False),
    "float": models.FloatField(default=1e-07),
    "float_big": models.FloatField(default=1e22),
    "infinite": models.FloatField(default=float("inf")),
    "no_number": models.FloatField(default=float("nan")),
    "below_zero": models.FloatField(default=-0.0),
    "decimal": models.DecimalField(decimal_places=3, default=decimal.Decimal("-1.50"), max_digits=8),
    "decimal_of_float": models.DecimalField(decimal_places=3, default=0.1, max_digits=8),
    "decimal_with_exponent": models.DecimalField(decimal_places=3, default=decimal.Decimal("1E+2"), max_digits=8),
    "date": models.DateField(default=datetime.date(2024, 2, 29)),
    "first_date": models.DateField(default=datetime.date.min),
    "moment": models.DateTimeField(default=datetime.datetime(2024, 1, 31, 12, 30, 5, 7, tzinfo=UTC)),
    "moment_elsewhere": models.DateTimeField(default=datetime.datetime(2024, 1, 31, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30)))),
    "moment_as_text": models.DateTimeField(default="2024-01-31 12:30:15.5+02:00"),
    "moment_now": models.DateTimeField(default=django.utils.timezone.now),
    "time": models.TimeField(default=datetime.time(23, 59, 59, 999999)),
    "time_as_text": models.TimeField(default="12:30"),
    "duration": models.DurationField(default=datetime.timedelta(days=-1, hours=3.5, microseconds=7)),
    "uuid": models.UUIDField(default=uuid.UUID("12345678-1234-5678-1234-567812345678")),
    "uuid_of_number": models.UUIDField(default=uuid.UUID(int=5)),
    "bytes": models.BinaryField(default=b"\x00\xff'\\"),
    "json": models.JSONField(default=OrderedDict),
    "json_data": models.JSONField(default={"größe": [1, 2.5, True, None, "it's 100 % \\ \U0001f600"], "2": {}}),
    "json_encoded": models.JSONField(default={"at": datetime.date(2024, 1, 1), "of": decimal.Decimal("1.5")}, encoder=DjangoJSONEncoder),
    "address": models.GenericIPAddressField(default="2001:DB8::0001"),
    "address_mapped": models.GenericIPAddressField(default="::ffff:10.0.0.1", unpack_ipv4=True),
    "integers": ArrayField(base_field=models.IntegerField(), default=list((1, -2))),
    "words": ArrayField(base_field=models.CharField(max_length=20), default=["it's", "NULL", "", '"', "\\", "{a,b}", None]),
    "board": ArrayField(base_field=ArrayField(base_field=models.FloatField()), default=[[1.5, 2], [float("inf"), -1]]),
    "no_items": ArrayField(base_field=models.UUIDField(), default=[]),
    "pairs": HStoreField(default={"a": None, "b c": '"q\\"', "d": 1}),
    "between": BigIntegerRangeField(default=NumericRange(1, 5, "[]")),
    "between_decimals": DecimalRangeField(default=(decimal.Decimal("1.5"), None)),
    "between_days": DateRangeField(default=DateRange(datetime.date(2024, 1, 1), None)),
    "between_moments": DateTimeRangeField(default=(datetime.datetime(2024, 1, 1, tzinfo=UTC), datetime.datetime(2025, 1, 1, tzinfo=UTC))),
    "nothing_between": DateRangeField(default=DateRange(empty=True)),
}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0004_relations")]

    operations = [
        migrations.CreateModel("Default", [("id", models.BigAutoField(primary_key=True, serialize=False))]),
        *[migrations.AddField("default", name, field) for name, field in FIELDS.items()],
        migrations.AddField("default", "blank", models.CharField(blank=True, max_length=9)),
        migrations.AddField("default", "blank_bytes", models.BinaryField(blank=True)),
        migrations.AddField("default", "blank_null", models.CharField(blank=True, max_length=9, null=True)),
        migrations.AddField("default", "said_null", models.IntegerField(default=None, null=True)),
        migrations.AddField("default", "empty", models.TextField(default="")),
        migrations.AddField("default", "unique", models.IntegerField(default=3, unique=True)),
        migrations.AddField("default", "positive", models.PositiveIntegerField(db_comment="a number", db_index=True, default=3)),
        migrations.AddField("default", "dated", models.DateTimeField(auto_now_add=True)),
    ]
