"""Primary keys over several columns."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [("vineyard", "0002_generated_columns")]

    operations = [
        migrations.CreateModel(
            "Row",
            [
                ("pk", models.CompositePrimaryKey("tree", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("tree", models.ForeignKey(on_delete=CASCADE, to="vineyard.tree")),
                ("number", models.IntegerField(db_column="Row Number")),
                ("word", models.CharField(db_default="a", db_index=True, max_length=9)),
            ],
            {"constraints": [models.CheckConstraint(condition=models.Q(number__gt=0), name="row_number")]},
        ),
        migrations.AlterField("row", "word", models.TextField(db_default="b", unique=True)),
        migrations.AddField("row", "more", models.BooleanField(default=False)),
        migrations.AlterField("row", "tree", models.ForeignKey(on_delete=CASCADE, related_name="rows", to="vineyard.tree")),
        migrations.RemoveField("row", "word"),
    ]
