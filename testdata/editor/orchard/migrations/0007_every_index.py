import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.contrib.postgres.indexes import (
    BloomIndex,
    BrinIndex,
    BTreeIndex,
    GinIndex,
    GistIndex,
    HashIndex,
    OpClass,
    SpGistIndex,
)
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper


class Migration(migrations.Migration):
    dependencies = [("orchard", "0006_together_and_order")]

    operations = [
        migrations.CreateModel(
            name="Harvest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("kind", models.TextField()),
                ("pieces", models.IntegerField()),
                ("crates", models.IntegerField(null=True)),
                ("words", django.contrib.postgres.fields.ArrayField(models.TextField(), default=list)),
                ("span", django.contrib.postgres.fields.IntegerRangeField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("search", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("at", models.DateTimeField()),
                ("wood", models.ForeignKey(on_delete=models.CASCADE, to="orchard.wood")),
            ],
        ),
        migrations.AddIndex("harvest", BloomIndex(fields=["pieces", "crates"], name="h_bloom")),
        migrations.AddIndex("harvest", BloomIndex(columns=[4, 6], fields=["pieces", "crates"], length=96, name="h_bloom_options")),
        migrations.AddIndex("harvest", BrinIndex(autosummarize=False, fields=["at"], name="h_brin", pages_per_range=16)),
        migrations.AddIndex("harvest", BTreeIndex(fields=["name", "-pieces"], fillfactor=60, name="h_btree")),
        migrations.AddIndex("harvest", GinIndex(fields=["words"], name="h_gin")),
        migrations.AddIndex("harvest", GinIndex(fastupdate=True, fields=["data"], gin_pending_list_limit=256, name="h_gin_options")),
        migrations.AddIndex("harvest", GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), fastupdate=False, name="h_gin_trigram")),
        migrations.AddIndex("harvest", GinIndex(fields=["name", "pieces"], name="h_gin_both", opclasses=["gin_trgm_ops", "int4_ops"])),
        migrations.AddIndex("harvest", GistIndex(buffering=True, fields=["span"], fillfactor=70, name="h_gist")),
        migrations.AddIndex("harvest", GistIndex(fields=["span"], include=["pieces"], name="h_gist_include")),
        migrations.AddIndex("harvest", GistIndex(buffering=False, fields=["search"], name="h_gist_search")),
        migrations.AddIndex("harvest", GistIndex(fields=["kind"], name="h_gist_trigram", opclasses=["gist_trgm_ops"])),
        migrations.AddIndex("harvest", HashIndex(condition=Q(pieces__gt=3), fields=["kind"], fillfactor=50, name="h_hash")),
        migrations.AddIndex("harvest", SpGistIndex(fields=["span"], fillfactor=80, name="h_spgist")),
        migrations.AddIndex("harvest", SpGistIndex(fields=["kind"], include=["crates", "wood"], name="h_spgist_include")),
        migrations.AddIndex("harvest", models.Index(db_tablespace="pg_default", fields=["wood", "-at"], name="h_tablespace")),
        migrations.AddIndex("harvest", models.Index(OpClass(Lower("name"), name="text_pattern_ops"), F("pieces").desc(), name="h_wrapped")),
        migrations.AddIndex("harvest", models.Index(Lower("name").asc(nulls_first=True), Upper("kind").desc(nulls_last=True), name="h_nulls")),
        migrations.AddIndex("harvest", models.Index(F("pieces") * 2 + F("crates"), name="h_arithmetic")),
        migrations.AddIndex("harvest", models.Index("wood", F("crates").desc(), condition=~Q(crates=None), include=["name"], name="h_strings")),
        migrations.AddIndex("harvest", models.Index(condition=Q(name__in=["a", "100%", "it's"]) | ~Q(crates=4), fields=["pieces"], name="h_condition")),
        migrations.AddIndex("harvest", models.Index(condition=Q(wood__isnull=False) & Q(wood_id__gt=1), fields=["at"], name="h_key")),
        migrations.RenameIndex("harvest", new_name="h_nulls_last", old_name="h_nulls"),
        migrations.RenameIndex("harvest", new_name="h_nulls_last", old_name="h_nulls_last"),
        migrations.RemoveIndex("harvest", "h_strings"),
        # The index follows the column, and its name stays.
        migrations.RenameField("harvest", "data", "facts"),
        migrations.RenameField("harvest", "wood", "tree"),
        migrations.RemoveIndex("harvest", "h_arithmetic"),
        migrations.RemoveIndex("harvest", "h_gist_include"),
    ]
