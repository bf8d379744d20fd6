import django.contrib.postgres.fields
from django.db import migrations, models

import garden.fields


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Bed",
            fields=[
                ("code", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("area", garden.fields.Box(null=True)),
                ("width", models.PositiveSmallIntegerField(default=1)),
            ],
            options={"db_table": "beds"},
        ),
        migrations.CreateModel(
            name="Plant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", garden.fields.ShortText(max_length=12)),
                ("label", models.SlugField(unique=True)),
                ("bed", models.ForeignKey(on_delete=models.CASCADE, to="garden.bed")),
                ("gardener", models.ForeignKey(on_delete=models.CASCADE, to="people.Gardener", to_field="mail")),
                ("helpers", models.ManyToManyField(to="people.helper")),
                ("words", django.contrib.postgres.fields.ArrayField(models.IntegerField(), size=None)),
            ],
            options={"unique_together": {("name", "bed")}, "index_together": {("label", "name")}},
        ),
        migrations.AddIndex("Plant", models.Index(fields=["label"], name="plant_label")),
        migrations.AddConstraint("Plant", models.UniqueConstraint(fields=["label", "bed"], name="plant_once")),
    ]
