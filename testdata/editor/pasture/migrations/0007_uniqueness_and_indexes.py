"""unique and db_index in every combination, the index for LIKE with them."""

from django.db import migrations, models

PLAIN = {}
INDEX = {"db_index": True}
UNIQUE = {"unique": True}
BOTH = {"db_index": True, "unique": True}
WAY = [INDEX, UNIQUE, BOTH, PLAIN, UNIQUE, INDEX, PLAIN, BOTH, INDEX, BOTH, UNIQUE, PLAIN]


class Migration(migrations.Migration):
    dependencies = [("pasture", "0006_null_and_default")]

    operations = [
        migrations.CreateModel(
            "Found",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("char", models.CharField(max_length=9)),
                ("text", models.TextField()),
                ("number", models.IntegerField()),
                ("slug", models.SlugField(db_index=False)),
                ("collated", models.CharField(db_collation="C", max_length=9)),
                ("odd", models.TextField(db_collation="pasture_german")),
            ],
            {"indexes": [models.Index(fields=["char"], name="found_char")], "constraints": [models.UniqueConstraint(fields=["text"], name="found_text")]},
        ),
        *[migrations.AlterField("found", "char", models.CharField(max_length=9, **options)) for options in WAY],
        *[migrations.AlterField("found", "text", models.TextField(**options)) for options in WAY],
        *[migrations.AlterField("found", "number", models.IntegerField(**options)) for options in WAY],
        *[migrations.AlterField("found", "collated", models.CharField(db_collation="C", max_length=9, **options)) for options in WAY],
        *[migrations.AlterField("found", "odd", models.TextField(db_collation="pasture_german", **options)) for options in WAY],
        migrations.AlterField("found", "slug", models.SlugField()),
        migrations.AlterField("found", "slug", models.SlugField(unique=True)),
        migrations.AlterField("found", "slug", models.CharField(max_length=50, unique=True)),
    ]
