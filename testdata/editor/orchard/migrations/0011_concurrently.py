from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orchard", "0010_no_way_back")]

    operations = [
        AddIndexConcurrently("harvest", models.Index(fields=["pieces", "-crates"], name="h_c_plain")),
        AddIndexConcurrently(
            model_name="harvest",
            index=models.Index(F("pieces").desc(), condition=Q(crates__gt=1), db_tablespace="pg_default", include=["name"], name="h_c_all"),
        ),
        AddIndexConcurrently("harvest", GinIndex(OpClass("name", name="gin_trgm_ops"), fastupdate=False, name="h_c_gin")),
        RemoveIndexConcurrently("harvest", "h_bloom"),
        RemoveIndexConcurrently(model_name="harvest", name="h_c_all"),
        # Each in a transaction of its own.
        migrations.AddField("harvest", "note", models.TextField(default="")),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop, atomic=True),
    ]
