from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("garden", "0001_initial")]
    operations = [
        migrations.RenameModel("bed", "Patch"),
        migrations.RenameField("Plant", "name", "title"),
        migrations.RenameIndex("Plant", new_name="plant_label_idx", old_name="plant_label"),
        migrations.RenameIndex("Plant", new_name="plant_both", old_fields=("label", "title")),
        migrations.AddField(
            "PLANT", "bought_at", models.DateField(default="2020-01-01"), preserve_default=False
        ),
        migrations.AlterField("plant", "label", models.CharField(max_length=70, db_index=True, null=True)),
        migrations.RemoveConstraint("plant", "plant_once"),
        migrations.AlterModelTable("Patch", None),
        migrations.AlterUniqueTogether("plant", {("title", "bought_at")}),
        migrations.RunSQL(
            "SELECT 1",
            state_operations=[migrations.RemoveField("Patch", "width")],
        ),
        migrations.AlterModelOptions("Patch", {"managed": False}),
        migrations.AlterOrderWithRespectTo("plant", "bed"),
    ]
