"""Every field class whose column is a number, a time, a truth or bytes."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pasture", "0001_text_columns")]

    operations = [
        migrations.CreateModel(
            name="Numbers",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("small", models.SmallIntegerField(unique=True)),
                ("integer", models.IntegerField(db_index=True)),
                ("big", models.BigIntegerField(db_comment="as many as there are")),
                ("positive", models.PositiveIntegerField()),
                ("positive_small", models.PositiveSmallIntegerField(db_column="Positive % small", null=True)),
                ("positive_big", models.PositiveBigIntegerField(unique=True)),
                ("decimal", models.DecimalField(decimal_places=3, max_digits=9)),
                ("float", models.FloatField(db_index=True, null=True)),
                ("truth", models.BooleanField()),
                ("perhaps", models.BooleanField(db_index=True, null=True)),
                ("date", models.DateField(auto_now=True)),
                ("date_made", models.DateField(auto_now_add=True, db_index=True)),
                ("moment", models.DateTimeField(auto_now=True)),
                ("moment_unique", models.DateTimeField(null=True, unique=True)),
                ("time", models.TimeField(auto_now_add=True)),
                ("duration", models.DurationField(null=True)),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("uuid_indexed", models.UUIDField(db_index=True, null=True)),
                ("bytes", models.BinaryField(editable=True, max_length=100)),
                ("json", models.JSONField(encoder=DjangoJSONEncoder)),
                ("address", models.GenericIPAddressField(db_index=True, protocol="IPv6")),
                ("address_null", models.GenericIPAddressField(blank=True, null=True, unpack_ipv4=True)),
            ],
        ),
        migrations.CreateModel(
            name="Counted",
            fields=[("number", models.PositiveIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Spelled",
            fields=[("word", models.CharField(db_collation="C", max_length=20, primary_key=True, serialize=False))],
        ),
    ]
