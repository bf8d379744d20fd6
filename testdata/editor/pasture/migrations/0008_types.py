"""From one type to another, with what hangs on the column."""

from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.db import migrations, models

WAY = [
    models.TextField(db_index=True),
    models.CharField(db_index=True, max_length=20),
    models.CharField(db_index=True, max_length=30),
    models.IntegerField(db_index=True),
    models.BigIntegerField(unique=True),
    models.TextField(unique=True),
    models.SlugField(unique=True),
    models.EmailField(max_length=254, unique=True),
    models.DecimalField(decimal_places=2, max_digits=5),
    models.DecimalField(decimal_places=0, max_digits=9),
    models.PositiveIntegerField(),
    models.PositiveBigIntegerField(db_column="Word"),
    models.PositiveSmallIntegerField(db_column="Word", null=True),
    models.FloatField(null=True),
    models.TextField(null=True),
    models.JSONField(null=True),
    models.TextField(default="{}"),
    models.UUIDField(null=True),
    models.CharField(max_length=9, null=True),
    models.DateTimeField(null=True),
    models.DateField(auto_now_add=True),
    models.CharField(max_length=9),
    models.BinaryField(),
    models.TextField(),
    models.GenericIPAddressField(null=True),
    models.TextField(null=True),
    ArrayField(base_field=models.IntegerField(), null=True),
    ArrayField(base_field=models.CharField(max_length=4), null=True),
    models.TextField(null=True),
    IntegerRangeField(null=True),
    models.TextField(null=True),
    models.DurationField(null=True),
    models.TimeField(null=True),
    models.TextField(null=True),
    models.BooleanField(default=True),
    models.IntegerField(default=0),
    models.BooleanField(default=False),
]


class Migration(migrations.Migration):
    dependencies = [("pasture", "0007_uniqueness_and_indexes")]

    operations = [
        migrations.CreateModel("Typed", [("id", models.BigAutoField(primary_key=True, serialize=False)), ("word", models.CharField(max_length=20))]),
        *[migrations.AlterField("typed", "word", field) for field in WAY],
    ]
