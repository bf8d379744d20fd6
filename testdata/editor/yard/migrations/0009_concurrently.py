from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("yard", "0008_sql_and_state")]

    operations = [
        AddIndexConcurrently("goat", models.Index(fields=["horns"], name="goat_horns_c")),
        AddIndexConcurrently("goat", GinIndex(fields=["data"], name="goat_data_c")),
        RemoveIndexConcurrently("goat", "goat_horns_c"),
    ]
