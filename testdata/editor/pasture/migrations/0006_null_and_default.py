"""NULL and the default of existing rows: each way from the one to the other."""

import uuid

import django.utils.timezone
from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [("pasture", "0005_static_defaults")]

    operations = [
        migrations.CreateModel(
            "Filled",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField(null=True)),
                ("same", models.IntegerField(default=4, null=True)),
                ("text", models.TextField(null=True)),
                ("blank", models.CharField(blank=True, max_length=9, null=True)),
                ("uuid", models.UUIDField(null=True)),
                ("moment", models.DateTimeField(null=True)),
                ("key", models.ForeignKey(null=True, on_delete=CASCADE, to="pasture.nest")),
                ("json", models.JSONField(null=True)),
            ],
        ),
        migrations.AlterField("filled", "number", models.IntegerField(default=-5)),
        migrations.AlterField("filled", "number", models.IntegerField(default=6)),
        migrations.AlterField("filled", "number", models.IntegerField()),
        migrations.AlterField("filled", "number", models.IntegerField(null=True)),
        migrations.AlterField("filled", "number", models.IntegerField()),
        migrations.AlterField("filled", "number", models.IntegerField(default=1, null=True)),
        migrations.AlterField("filled", "number", models.BigIntegerField(default=2)),
        migrations.AlterField("filled", "same", models.IntegerField(default=4)),
        migrations.AlterField("filled", "text", models.TextField(default="it's 100 %")),
        migrations.AlterField("filled", "text", models.TextField(null=True)),
        migrations.AlterField("filled", "text", models.CharField(db_index=True, default="\\", max_length=20)),
        migrations.AlterField("filled", "blank", models.CharField(blank=True, max_length=9)),
        migrations.AlterField("filled", "uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
        migrations.AlterField("filled", "moment", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False),
        migrations.AlterField("filled", "moment", models.DateTimeField(auto_now=True)),
        migrations.AlterField("filled", "key", models.ForeignKey(default=1, on_delete=CASCADE, to="pasture.nest")),
        migrations.AlterField("filled", "key", models.ForeignKey(null=True, on_delete=CASCADE, to="pasture.nest")),
        migrations.AlterField("filled", "json", models.JSONField(default=dict)),
    ]
