import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Port",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("code", models.CharField(max_length=5, db_collation="C")),
                ("depth", models.DecimalField(max_digits=6, decimal_places=2)),
                ("notes", models.TextField(blank=True, default="")),
                ("opened", models.DateField(null=True)),
                ("is_open", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Ship",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        max_length=10, choices=[("ferry", "Ferry"), ("barge", "Barge"), ("tug", "Tug")]
                    ),
                ),
                ("tonnage", models.PositiveIntegerField(default=0)),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="at_home", to="harbour.port"
                    ),
                ),
                ("ports", models.ManyToManyField(related_name="served_by", to="harbour.port")),
                ("built", models.IntegerField(null=True)),
            ],
        ),
    ]
