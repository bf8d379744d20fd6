import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, IntegerRangeField
from django.db import migrations, models
from django.db.models import F, Q, Value


def where(condition, name):
    return migrations.AddIndex("reading", models.Index(fields=["level"], condition=condition, name=name))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("level", models.IntegerField()),
                ("small", models.SmallIntegerField(null=True)),
                ("ratio", models.FloatField(null=True)),
                ("price", models.DecimalField(decimal_places=2, max_digits=8)),
                ("name", models.CharField(max_length=20)),
                ("note", models.TextField(null=True)),
                ("good", models.BooleanField(default=True)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(null=True)),
                ("lasts", models.DurationField(null=True)),
                ("clock", models.TimeField(null=True)),
                ("address", models.GenericIPAddressField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("tags", ArrayField(models.CharField(max_length=10), default=list)),
                ("grid", ArrayField(ArrayField(models.IntegerField()), default=list)),
                ("span", IntegerRangeField(null=True)),
                ("during", DateTimeRangeField(null=True)),
                ("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="self")),
            ],
        ),
        # Years become bounds, other parts of a date are taken out of it.
        where(Q(on__year=2020) | Q(on__year__gt=2022) | Q(at__iso_year__lte=2021), "gauge_years"),
        where(Q(on__month__in=[1, 2]) & ~Q(on__week_day=1), "gauge_months"),
        where(Q(at__date__gte=datetime.date(2020, 2, 29), at__hour__lt=12), "gauge_days"),
        where(Q(at__second=5) | Q(clock__minute=3) | Q(clock__second=30), "gauge_seconds"),
        # Keys of JSON.
        where(Q(data__a=1) | Q(data__a__b="x") | Q(data__0__isnull=True), "gauge_keys"),
        where(Q(data__a__gt=5, data__b__icontains="it's", data__c=None), "gauge_key_lookups"),
        where(Q(data__has_key="a") & Q(data__has_any_keys=["b", "c d"]) & Q(data__contains={"k": [1, None]}), "gauge_has_key"),
        where(Q(data__a__in=[1, "x", True]), "gauge_key_in"),
        # Arrays and ranges.
        where(Q(tags__contains=["a"]) | Q(tags__len__gt=2) | Q(tags__0="x") | Q(tags=[]), "gauge_arrays"),
        where(Q(tags__0_2=["a", "b"]) | Q(grid__0__1=5) | Q(grid=[[1], [2]]), "gauge_slices"),
        where(Q(span__contains=5) | Q(span__overlap=(1, 9)) | Q(span__startswith__gte=3) | Q(span__isempty=True), "gauge_ranges"),
        where(Q(during__contains=F("at")) | Q(during__fully_lt=F("during")) | Q(span__contains=F("level")), "gauge_range_columns"),
        # Texts, with the characters that mean something.
        where(Q(name__startswith=F("note")) | Q(note__icontains="50%_\\"), "gauge_patterns"),
        where(Q(address__startswith="10.") | Q(address="10.0.0.1") | Q(name__in=["a", "a", "O'Brien"]), "gauge_texts"),
        # Numbers: rounding, what does not fit, equal values.
        where(Q(level__gte=2.5) & Q(price__in=[Decimal("1"), Decimal("1.0"), Decimal("1E+2")]), "gauge_numbers"),
        where(Q(ratio__gt=1e10) | Q(ratio__lte=-0.5) | Q(level__range=(F("small"), 9)), "gauge_floats"),
        where(Q(lasts__lt=datetime.timedelta(days=-1, seconds=5)) | Q(clock=datetime.time(8, 30)), "gauge_durations"),
        # Relations, by both names and as the key.
        where(Q(parent=5) | Q(parent_id__in=[1, 2]) | Q(pk__gt=3) | ~Q(parent=F("pk")), "gauge_relations"),
        # Exclusive or, and parts that match nothing or everything.
        where(Q(level=1) ^ Q(small=2), "gauge_xor"),
        where(Q(level=1) ^ Q(small=2) ^ Q(good=True), "gauge_xor_of_three"),
        where(Q(level__in=[]) | Q(small=2), "gauge_nothing"),
        where(~(Q(level__in=[]) & Q(small=2)) & Q(good=False), "gauge_everything"),
        where(~Q(small=F("level")) & ~(Q(small__lt=3) | ~Q(note="x")), "gauge_negated"),
        where(Q(level=Value(4)) & Q(note=None), "gauge_value"),
    ]
