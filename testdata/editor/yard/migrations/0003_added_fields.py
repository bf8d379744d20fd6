import datetime
import decimal
import uuid

import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yard", "0002_relations")]

    operations = [
        migrations.AddField("barn", "nulls", models.IntegerField(null=True)),
        migrations.AddField("barn", "height", models.IntegerField(default=-3)),
        migrations.AddField("barn", "one_off", models.CharField(default="it's 5% \\ off", max_length=20), preserve_default=False),
        migrations.AddField("barn", "blank_text", models.TextField(blank=True), preserve_default=True),
        migrations.AddField("barn", "flag", models.BooleanField(default=True)),
        migrations.AddField("barn", "price", models.DecimalField(decimal_places=2, default=decimal.Decimal("1.50"), max_digits=7)),
        migrations.AddField("barn", "rate", models.DecimalField(decimal_places=3, default=0.1, max_digits=7)),
        migrations.AddField("barn", "ratio", models.FloatField(default=2)),
        migrations.AddField("barn", "day", models.DateField(default=datetime.date(2020, 1, 2))),
        migrations.AddField("barn", "moment", models.DateTimeField(default=datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc))),
        migrations.AddField("barn", "nap", models.DurationField(default=datetime.timedelta(days=1, seconds=5))),
        migrations.AddField("barn", "at", models.TimeField(default=datetime.time(1, 2))),
        migrations.AddField("barn", "data", models.JSONField(default=list)),
        migrations.AddField("barn", "more_data", models.JSONField(default=dict, null=True)),
        migrations.AddField("barn", "tags", django.contrib.postgres.fields.ArrayField(models.IntegerField(), default=list)),
        migrations.AddField("barn", "now", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("barn", "made", models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now), preserve_default=False),
        migrations.AddField("barn", "uid", models.UUIDField(default=uuid.uuid4)),
        migrations.AddField("barn", "fixed_uid", models.UUIDField(default=uuid.UUID("00000000-0000-0000-0000-000000000005"))),
        migrations.AddField("barn", "slug", models.SlugField(default="x", max_length=20)),
        migrations.AddField("barn", "code", models.CharField(max_length=8, null=True, unique=True)),
        migrations.AddField("barn", "doors", models.PositiveIntegerField(default=2)),
        migrations.AddField("barn", "binary", models.BinaryField(default=b"ab")),
        migrations.AddField("barn", "ip", models.GenericIPAddressField(default="1.2.3.4")),
        migrations.AddField("redbarn", "gloss", models.IntegerField(default=0, db_index=True)),
        migrations.RemoveField("barn", "nulls"),
        migrations.RemoveField("barn", "loose"),
        migrations.RemoveField("barn", "by_number"),
        migrations.RemoveField("barn", "friends"),
        # Queued in this migration, and gone before it ends.
        migrations.AddField("barn", "short_lived", models.CharField(db_index=True, max_length=5, null=True)),
        migrations.RemoveField("barn", "short_lived"),
    ]
