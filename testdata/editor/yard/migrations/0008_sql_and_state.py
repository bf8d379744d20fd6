from django.contrib.postgres.operations import CreateCollation, RemoveCollation
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yard", "0007_constraints")]

    operations = [
        migrations.RunSQL("CREATE TABLE raw_one (a int); ALTER TABLE raw_one ADD COLUMN b int DEFAULT 5 % 3", migrations.RunSQL.noop),
        migrations.RunSQL(["CREATE TABLE raw_two (a int)", ("INSERT INTO raw_two VALUES (%s), (%s)", [1, None])], [("DROP TABLE raw_two", None)]),
        migrations.RunSQL(migrations.RunSQL.noop),
        migrations.RunSQL([("COMMENT ON TABLE raw_two IS %s", ["100 % it's"])]),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField("goat", "beard", models.IntegerField(null=True)),
                migrations.RenameField("goat", "beard", "long_beard"),
            ],
            state_operations=[migrations.AddField("goat", "long_beard", models.IntegerField(null=True))],
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.AddField("goat", "ghost", models.IntegerField())]),
        migrations.AlterField("goat", "long_beard", models.BigIntegerField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
        migrations.AlterModelOptions("goat", {"ordering": ["name"]}),
        CreateCollation("case_insensitive", "und-u-ks-level2", provider="icu", deterministic=False),
        migrations.AddField("goat", "collated", models.CharField(db_collation="case_insensitive", default="", max_length=10, unique=True)),
        migrations.AddField("goat", "in_c", models.CharField(db_collation="C", db_index=True, default="", max_length=10)),
        migrations.AlterField("goat", "in_c", models.CharField(db_index=True, default="", max_length=10)),
        migrations.AlterField("goat", "in_c", models.CharField(db_collation="POSIX", db_index=True, default="", max_length=12)),
        CreateCollation("other", "C"),
        RemoveCollation("other", "C"),
        migrations.CreateModel(
            name="Kid",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("goat", models.ForeignKey(on_delete=models.CASCADE, to="yard.goat")),
            ],
            options={"order_with_respect_to": "goat"},
        ),
        migrations.AlterOrderWithRespectTo("kid", None),
        migrations.AlterOrderWithRespectTo("kid", "goat"),
        migrations.AlterField("kid", "id", models.AutoField(primary_key=True, serialize=False)),
        migrations.AlterField("kid", "id", models.IntegerField(primary_key=True, serialize=False)),
        migrations.AlterField("kid", "id", models.BigAutoField(primary_key=True, serialize=False)),
    ]
