"""Collations, comments, tablespaces and names of columns: set, changed, taken away, with those that follow."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

KEY = {"primary_key": True, "serialize": False}
COMMENTS = ["it's", "back\\slash\nand ümlaut", None, "other", ""]


class Migration(migrations.Migration):
    dependencies = [("pasture", "0012_to_and_from_keys")]

    operations = [
        migrations.AlterField("spoken", "word", models.CharField(db_collation="C", max_length=9, **KEY)),
        migrations.AlterField("spoken", "word", models.CharField(db_collation="POSIX", max_length=9, **KEY)),
        migrations.AlterField("spoken", "word", models.CharField(max_length=9, **KEY)),
        migrations.AlterField("spoken", "other", models.TextField(db_collation="C", db_index=True)),
        migrations.AlterField("spoken", "other", models.CharField(db_collation="C", db_index=True, max_length=9)),
        migrations.AlterField("spoken", "other", models.CharField(db_index=True, max_length=9)),
        *[migrations.AlterField("spoken", "other", models.CharField(db_comment=comment, db_index=True, max_length=9)) for comment in COMMENTS],
        migrations.AlterField("spoken", "word", models.CharField(db_comment="a key", max_length=19, **KEY)),
        migrations.AlterField("answer", "word", models.ForeignKey(db_comment="of the spoken", on_delete=CASCADE, to="pasture.spoken")),
        migrations.AlterField("answer", "word", models.ForeignKey(db_comment="of the spoken", null=True, on_delete=CASCADE, to="pasture.spoken")),
        migrations.AlterField("spoken", "other", models.CharField(db_index=True, db_tablespace="pg_default", max_length=9)),
        migrations.AlterField("spoken", "other", models.CharField(db_column="Other Word", db_index=True, db_tablespace="pg_default", max_length=9)),
        migrations.AlterField("spoken", "other", models.CharField(db_column="Wörter_die_so_lang_sind_dass_der_Server_sie_nicht_ganz_behält_ää", db_index=True, max_length=9)),
        migrations.AlterField("spoken", "other", models.CharField(db_column="short", max_length=9)),
        migrations.RenameField("spoken", "other", "same_column"),
        migrations.RenameField("spoken", "word", "spoken_word"),
        migrations.AlterField("answer", "word", models.ForeignKey(db_column="Spoken", on_delete=CASCADE, to="pasture.spoken")),
    ]
