import uuid

import django.contrib.postgres.fields
from django.contrib.postgres.operations import BtreeGistExtension, CITextExtension, HStoreExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        HStoreExtension(),
        BtreeGistExtension(),
        HStoreExtension(),
        migrations.CreateModel(
            name="Sheep",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("slug", models.SlugField()),
                ("nickname", models.CharField(blank=True, db_index=True, default="", max_length=30)),
                ("story", models.TextField(blank=True, db_index=True)),
                ("age", models.PositiveSmallIntegerField(default=1)),
                ("steps", models.PositiveBigIntegerField(null=True)),
                ("score", models.PositiveIntegerField(db_index=True)),
                ("weight", models.DecimalField(decimal_places=2, max_digits=6)),
                ("height", models.FloatField(null=True)),
                ("born", models.DateField(null=True)),
                ("shorn", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("wakes", models.TimeField(null=True)),
                ("sleeps_for", models.DurationField(null=True)),
                ("is_black", models.BooleanField(default=False)),
                ("tag", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("notes", models.JSONField(default=dict)),
                ("photo", models.ImageField(blank=True, upload_to="sheep")),
                ("paper", models.FileField(max_length=200, null=True, upload_to="papers")),
                ("path", models.FilePathField(path="/srv")),
                ("mail", models.EmailField(max_length=254)),
                ("page", models.URLField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("raw", models.BinaryField(default=b"")),
                ("big", models.BigIntegerField(default=0)),
                ("small", models.SmallIntegerField(default=0)),
                ("colours", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=9), default=list, size=None)),
                ("matrix", django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=2), null=True, size=3)),
                ("extra", django.contrib.postgres.fields.HStoreField(default=dict)),
                ("pasture", django.contrib.postgres.fields.DateTimeRangeField(null=True)),
                ("column_with_name", models.IntegerField(db_column="Odd Name", null=True)),
            ],
            options={"verbose_name": "sheep", "verbose_name_plural": "sheep"},
        ),
        migrations.CreateModel(
            name="WarehouseWithAVeryLongModelNameThatGoesOnAndOnUntilItIsCutByDjango",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("a_column_with_quite_a_long_name_too", models.CharField(max_length=10, db_index=True)),
            ],
        ),
    ]
