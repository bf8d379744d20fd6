"""Fields that models may no longer have, and that old migrations still make; what is seldom asked for."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.contrib.postgres.indexes import BTreeIndex
from django.contrib.postgres.operations import CITextExtension
from django.db import migrations, models

import django


class Migration(migrations.Migration):
    initial = True

    operations = [
        CITextExtension(),
        migrations.CreateModel(
            "Trunk",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("numbers", models.CommaSeparatedIntegerField(max_length=40)),
                ("address", models.IPAddressField(null=True)),
                ("is_open", models.NullBooleanField()),
                ("query", django.contrib.postgres.search.SearchQueryField(null=True)),
                ("opened", django.contrib.postgres.fields.DateTimeRangeField(default_bounds="(]", null=True)),
                ("label", django.contrib.postgres.fields.CICharField(db_index=True, max_length=30)),
                ("mail", django.contrib.postgres.fields.CIEmailField(max_length=254, unique=True)),
                ("note", django.contrib.postgres.fields.CITextField(default="")),
            ],
        ),
        migrations.CreateModel(
            "Ghost",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))],
            options={"managed": False, "db_table": "attic_seen_only"},
        ),
        migrations.AddField("ghost", "age", models.IntegerField(default=0)),
        migrations.AlterModelOptions("ghost", {"managed": True}),
        migrations.AlterModelOptions("ghost", {"managed": False}),
        migrations.DeleteModel("Ghost"),
        migrations.AddField(
            "trunk",
            "closed",
            django.contrib.postgres.fields.DecimalRangeField(default=(1, 2), default_bounds="[]"),
        ),
        migrations.AlterIndexTogether("trunk", {("label", "note")}),
        migrations.AlterIndexTogether("trunk", {("label", "note"), ("label", "address")}),
        migrations.AlterIndexTogether("trunk", set()),
        *(
            [migrations.AddIndex("trunk", BTreeIndex(fields=["note"], name="trunk_note", deduplicate_items=True))]
            if django.VERSION >= (5, 1)
            else []
        ),
    ]
