"""Every field class whose column is a text, with every option that concerns the column."""

from django.contrib.postgres.operations import CreateCollation, HStoreExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        HStoreExtension(),
        CreateCollation("pasture_german", locale="und-u-ks-level2", provider="icu", deterministic=False),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("char", models.CharField(max_length=10)),
                ("char_without_length", models.CharField()),
                ("char_unique", models.CharField(max_length=10, unique=True)),
                ("char_indexed", models.CharField(db_index=True, max_length=10, null=True)),
                ("char_both", models.CharField(db_index=True, max_length=10, unique=True)),
                ("char_collated", models.CharField(db_collation="C", db_index=True, max_length=10)),
                ("char_other_collation", models.CharField(db_collation="pasture_german", max_length=10, unique=True)),
                ("char_somewhere", models.CharField(db_index=True, db_tablespace="pg_default", max_length=10)),
                ("char_unique_somewhere", models.CharField(db_tablespace="pg_default", max_length=10, unique=True)),
                ("char_said", models.CharField(db_comment="it's, \\ a \"word\"\nof two lines, ümläut", max_length=10)),
                ("char_named", models.CharField(db_column="Größe in cm", db_index=True, max_length=10)),
                ("text", models.TextField()),
                ("text_unique", models.TextField(unique=True)),
                ("text_indexed", models.TextField(db_index=True)),
                ("text_collated", models.TextField(db_collation="POSIX", unique=True)),
                ("text_other_collation", models.TextField(db_collation="pasture_german", db_index=True)),
                ("slug", models.SlugField()),
                ("slug_without_index", models.SlugField(db_index=False, max_length=70)),
                ("slug_unique", models.SlugField(allow_unicode=True, unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("email_unique", models.EmailField(max_length=100, unique=True)),
                ("url", models.URLField(db_index=True)),
                ("file", models.FileField(upload_to="files")),
                ("file_unique", models.FileField(max_length=255, unique=True, upload_to="files")),
                ("image", models.ImageField(db_index=True, height_field="height", upload_to="images", width_field="width")),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("path", models.FilePathField(max_length=50, path="/srv", recursive=True)),
                ("a_column_whose_name_is_so_long_that_its_index_is_named_by_a_cut", models.TextField(db_index=True)),
            ],
            options={"db_table": 'Words of the "pasture'.replace('"', "'"), "db_tablespace": ""},
        ),
    ]
