import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper


class Migration(migrations.Migration):
    dependencies = [("yard", "0005_renames")]

    operations = [
        migrations.AlterUniqueTogether("fence", set()),
        migrations.AlterUniqueTogether("fence", {("mark", "barn")}),
        migrations.CreateModel(
            name="Goat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("age", models.IntegerField(null=True)),
                ("horns", models.IntegerField(default=2)),
                ("alive", models.BooleanField(default=True)),
                ("data", models.JSONField(default=dict)),
                ("seen", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name", "-age"], name="goat_name_age"),
                    models.Index(fields=["kind"], name="yard_goat_kind_5f1c0e_idx"),
                    django.contrib.postgres.indexes.GinIndex(fields=["data"], name="goat_data_gin"),
                    models.Index(Lower("name"), name="goat_lower_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "kind"), name="goat_name_kind"),
                    models.UniqueConstraint(condition=Q(alive=True), fields=("name",), name="goat_one_alive"),
                ],
            },
        ),
        migrations.AddIndex("goat", models.Index(fields=["age"], name="goat_age")),
        migrations.AddIndex("goat", models.Index(condition=Q(alive=True), fields=["age"], name="goat_age_alive")),
        migrations.AddIndex("goat", models.Index(condition=Q(alive=False, age__gt=3), fields=["age"], name="goat_age_dead")),
        migrations.AddIndex("goat", models.Index(condition=Q(name__startswith="a%_\\"), fields=["age"], name="goat_pattern")),
        migrations.AddIndex("goat", models.Index(fields=["name"], include=["age", "kind"], name="goat_include")),
        migrations.AddIndex("goat", models.Index(fields=["name", "-kind"], name="goat_opclass", opclasses=["varchar_pattern_ops", "text_pattern_ops"])),
        migrations.AddIndex("goat", models.Index(Lower("name").desc(), Upper("kind"), name="goat_functions")),
        migrations.AddIndex("goat", models.Index(F("age").asc(nulls_last=True), name="goat_age_nulls")),
        migrations.AddIndex("goat", models.Index(F("horns") + F("age"), name="goat_sum")),
        migrations.AddIndex("goat", models.Index(django.contrib.postgres.indexes.OpClass(Lower("name"), name="varchar_pattern_ops"), name="goat_wrapped")),
        migrations.AddIndex("goat", django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=["seen"], name="goat_brin", pages_per_range=4)),
        migrations.AddIndex("goat", django.contrib.postgres.indexes.HashIndex(fields=["name"], fillfactor=70, name="goat_hash")),
        migrations.AddIndex("goat", django.contrib.postgres.indexes.BTreeIndex(fields=["horns"], name="goat_btree")),
        migrations.AddIndex("goat", django.contrib.postgres.indexes.GistIndex(fields=["horns"], name="goat_gist")),
        migrations.AddIndex("goat", django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["data"], name="goat_gin2", opclasses=["jsonb_path_ops"])),
        migrations.RenameIndex("goat", new_name="goat_age_two", old_name="goat_age"),
        migrations.RemoveIndex("goat", "goat_hash"),
        migrations.RemoveIndex("goat", "goat_data_gin"),
        migrations.RemoveIndex("goat", "goat_name_age"),
    ]
