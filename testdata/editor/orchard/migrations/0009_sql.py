from django.db import migrations, models


def nothing(apps, schema_editor):
    apps.get_model("orchard", "Wood").objects.filter(name="none").count()


class Migration(migrations.Migration):
    dependencies = [("orchard", "0008_every_constraint")]

    operations = [
        migrations.RunSQL("CREATE TABLE sql_one (a int)", "DROP TABLE sql_one"),
        migrations.RunSQL(sql="CREATE TABLE sql_two (a int); COMMENT ON TABLE sql_two IS '100%';", reverse_sql="DROP TABLE sql_two;", elidable=True, hints={"target": "x"}),
        migrations.RunSQL(
            sql=["CREATE TABLE sql_three (a text)", ("INSERT INTO sql_three VALUES (%s), (%s)", ["it's 100%", None])],
            reverse_sql=[("DELETE FROM sql_three WHERE a = %s", ("x",)), "DROP TABLE sql_three"],
        ),
        migrations.RunSQL(("COMMENT ON TABLE sql_three IS 'a % sign'", ("COMMENT ON TABLE sql_two IS %s", ["%% twice"])), migrations.RunSQL.noop),
        migrations.RunSQL([("SELECT '%s'", None), ("SELECT %s, %s, %s", [1, 2.5, True])], [("SELECT '%%' || %s", ["b"])]),
        migrations.RunSQL("", ""),
        migrations.RunSQL(
            'ALTER TABLE "tree" ADD COLUMN age integer NULL',
            'ALTER TABLE "tree" DROP COLUMN age',
            state_operations=[migrations.AddField("wood", "age", models.IntegerField(null=True))],
        ),
        migrations.RunPython(nothing, migrations.RunPython.noop, atomic=True, hints={"a": 1}, elidable=False),
        migrations.RunPython(nothing, reverse_code=nothing),
        migrations.AlterField("wood", "age", models.BigIntegerField(null=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.SeparateDatabaseAndState(
                    [
                        migrations.AddField("wood", "bark", models.CharField(default="", max_length=5)),
                        migrations.RunSQL("SELECT 1", "SELECT 2"),
                    ],
                    # Within database_operations it is this that the next one sees.
                    [migrations.AddField("wood", "bark", models.CharField(default="", max_length=5))],
                ),
                migrations.AlterField("wood", "bark", models.CharField(default="", max_length=9)),
                migrations.RenameField("wood", "bark", "skin"),
            ],
            state_operations=[migrations.AddField("wood", "skin", models.CharField(default="", max_length=9))],
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("CREATE TABLE sql_four (id bigint PRIMARY KEY)", "DROP TABLE sql_four")],
            [migrations.CreateModel("Four", [("id", models.BigAutoField(primary_key=True))], {"db_table": "sql_four"})],
        ),
        migrations.AddField("four", "wood", models.ForeignKey(null=True, on_delete=models.CASCADE, to="orchard.wood")),
        migrations.SeparateDatabaseAndState(),
    ]
