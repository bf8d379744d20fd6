from django.core.management.color import no_style
from django.db import connection, migrations

from bench.operations import CreateVise, DeleteModelIfThere


def drop_what_is_left(apps, schema_editor):
    with connection.cursor() as cursor:
        if "bench_left_by_an_older_app" not in connection.introspection.table_names(cursor):
            return
        cursor.execute("DROP TABLE bench_left_by_an_older_app")


def drop_column(apps, schema_editor):
    tables = schema_editor.connection.introspection.table_names()
    if "bench_maker" in tables and schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE bench_maker ALTER COLUMN name SET STATISTICS 100")


def reset(apps, schema_editor):
    models = [apps.get_model("bench", "Part"), apps.get_model("bench.Maker")]
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), models):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("bench", "0002_callable_defaults")]
    operations = [
        migrations.RunPython(drop_what_is_left),
        migrations.RunPython(drop_column),
        migrations.RunPython(reset),
        DeleteModelIfThere("Scrap"),
        CreateVise(),
    ]
