"""The type of a key changes, and each column that points at it follows: directly, along a chain, between models, at itself."""

import uuid

from django.db import migrations, models

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0010_tables_to_alter")]

    operations = [
        migrations.AlterField("post", "id", models.BigAutoField(**KEY)),
        migrations.AlterField("post", "id", models.CharField(max_length=36, **KEY)),
        migrations.AlterField("post", "id", models.CharField(db_collation="C", max_length=36, **KEY)),
        migrations.AlterField("post", "id", models.UUIDField(default=uuid.uuid4, **KEY)),
        migrations.AlterField("post", "code", models.CharField(max_length=12, unique=True)),
        migrations.AlterField("post", "code", models.TextField(db_collation="POSIX", unique=True)),
        migrations.AlterField("post", "code", models.SlugField(unique=True)),
        migrations.RenameField("post", "id", "number"),
        migrations.AlterField("post", "number", models.UUIDField(db_column="Number", default=uuid.uuid4, **KEY)),
    ]
