"""Keys and tables between models, with every option that concerns the database."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE, DO_NOTHING, PROTECT, SET_NULL


class Migration(migrations.Migration):
    dependencies = [("pasture", "0003_postgres_columns"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Herd",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user", models.ForeignKey(on_delete=CASCADE, to=settings.AUTH_USER_MODEL)),
                ("parent", models.ForeignKey(blank=True, null=True, on_delete=SET_NULL, related_name="children", to="self")),
                ("number", models.ForeignKey(on_delete=PROTECT, to="pasture.counted")),
                ("word", models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.spelled")),
                ("word_without_index", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="pasture.spelled")),
                ("word_unique", models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.spelled", unique=True)),
                ("loose", models.ForeignKey(db_constraint=False, on_delete=DO_NOTHING, related_name="+", to="pasture.nest")),
                ("named", models.ForeignKey(db_column="Nest Number", db_comment="of the nest", on_delete=CASCADE, related_name="+", to="pasture.nest")),
                ("somewhere", models.ForeignKey(db_tablespace="pg_default", null=True, on_delete=CASCADE, related_name="+", to="pasture.nest")),
                ("slug", models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.words", to_field="slug_unique")),
                ("uuid", models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.numbers", to_field="uuid")),
                ("one", models.OneToOneField(null=True, on_delete=CASCADE, related_name="+", to="pasture.nest")),
                ("many", models.ManyToManyField(related_name="+", to="pasture.nest")),
                ("many_loose", models.ManyToManyField(db_constraint=False, related_name="+", to="pasture.spelled")),
                ("many_named", models.ManyToManyField(db_table="Herd's many named", related_name="+", to="pasture.words")),
                ("friends", models.ManyToManyField(to="self")),
                ("likes", models.ManyToManyField(related_name="liked_by", symmetrical=False, to="self")),
            ],
        ),
        migrations.CreateModel(
            name="Shepherd",
            fields=[
                ("herd", models.OneToOneField(on_delete=CASCADE, primary_key=True, serialize=False, to="pasture.herd")),
                ("since", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("shepherd", models.ForeignKey(on_delete=CASCADE, to="pasture.shepherd")),
                ("nest", models.ForeignKey(on_delete=CASCADE, to="pasture.nest")),
            ],
        ),
        migrations.AddField("shepherd", "nests", models.ManyToManyField(through="pasture.Visit", to="pasture.nest")),
        migrations.CreateModel(name="HeadShepherd", fields=[], bases=("pasture.shepherd",)),
        migrations.AddField("herd", "added", models.ForeignKey(default=1, on_delete=CASCADE, related_name="+", to="pasture.nest"), preserve_default=False),
        migrations.AddField("herd", "added_null", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="pasture.spelled")),
        migrations.AddField("herd", "added_loose", models.ForeignKey(db_constraint=False, null=True, on_delete=CASCADE, related_name="+", to="pasture.nest")),
        migrations.AddField("herd", "added_one", models.OneToOneField(null=True, on_delete=CASCADE, related_name="+", to="pasture.words", to_field="slug_unique")),
        migrations.AddField("herd", "added_many", models.ManyToManyField(related_name="+", to="pasture.spelled")),
        migrations.AlterField("herd", "many", models.ManyToManyField(db_table="pasture_other_table", related_name="+", to="pasture.nest")),
        migrations.AlterField("herd", "many_loose", models.ManyToManyField(related_name="+", to="pasture.spelled")),
        migrations.AlterField("herd", "friends", models.ManyToManyField(blank=True, to="self")),
        migrations.RenameField("herd", "likes", "loves"),
        migrations.RenameField("herd", "many_named", "many_others"),
        migrations.AlterField("shepherd", "nests", models.ManyToManyField(blank=True, through="pasture.Visit", to="pasture.nest")),
        migrations.RemoveField("herd", "added_many"),
        migrations.RemoveField("herd", "added_null"),
        migrations.RemoveField("herd", "added_loose"),
    ]
