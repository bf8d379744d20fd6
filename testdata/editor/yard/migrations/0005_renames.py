import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yard", "0004_altered_fields")]

    operations = [
        migrations.RenameField("barn", "flag", "is_open"),
        migrations.RenameField("barn", "farm", "estate"),
        migrations.RenameField("barn", "height", "tallness"),
        migrations.RenameField("sheep", "name", "title"),
        migrations.RenameField("sheep", "age", "years"),
        migrations.RenameField("farm", "code", "short_code"),
        migrations.RenameModel("Stay", "Visit"),
        migrations.RenameModel("Sheep", "Ewe"),
        migrations.RenameModel("Farm", "Estate"),
        migrations.AlterModelTable("barn", "barns"),
        migrations.AlterModelTable("barn", None),
        migrations.AlterModelTable("estate", "estates"),
        migrations.AlterModelTable("barn", "barn_table"),
        migrations.CreateModel(
            name="Fence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("barn", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.barn")),
                ("label", models.CharField(db_index=True, max_length=10)),
            ],
            options={"unique_together": {("barn", "label")}},
        ),
        # The queue follows.
        migrations.RenameField("fence", "label", "mark"),
        migrations.AlterModelTable("fence", "fences"),
        migrations.CreateModel(
            name="Gate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fence", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.fence")),
            ],
        ),
        migrations.DeleteModel("Gate"),
        migrations.CreateModel(
            name="Hinge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fences", models.ManyToManyField(to="yard.fence")),
            ],
        ),
        migrations.RenameModel("Hinge", "Latch"),
        migrations.DeleteModel("Latch"),
    ]
