from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("harbour", "0001_initial")]
    operations = [
        migrations.AddIndex("ship", models.Index(fields=["kind", "name"], name="ship_kind_name")),
        migrations.AddIndex("ship", models.Index(Upper("name"), name="ship_upper_name")),
        migrations.AddIndex(
            "ship", models.Index(fields=["built"], condition=models.Q(kind="tug"), name="ship_tugs_by_year")
        ),
        migrations.AddConstraint(
            "ship", models.UniqueConstraint(fields=["home", "name"], name="ship_once_at_home")
        ),
        migrations.AddConstraint(
            "ship",
            models.CheckConstraint(condition=models.Q(kind__in=["ferry", "barge", "tug"]), name="ship_kind_known"),
        ),
        migrations.AddConstraint(
            "port", models.CheckConstraint(condition=models.Q(depth__gt=0), name="port_has_water")
        ),
        migrations.AddConstraint(
            "port",
            models.UniqueConstraint(fields=["code"], condition=models.Q(is_open=True), name="port_code_while_open"),
        ),
    ]
