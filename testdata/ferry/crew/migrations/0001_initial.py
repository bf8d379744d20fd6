import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("harbour", "0002_indexes")]
    operations = [
        migrations.CreateModel(
            name="Sailor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                (
                    "ship",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="harbour.ship"
                    ),
                ),
                ("rank", models.SmallIntegerField(db_column="Rank's\nnumber", db_index=True)),
            ],
            options={"db_table": "crew's sailors -- ünïcödé and as many bytes as one may have"},
        ),
    ]
