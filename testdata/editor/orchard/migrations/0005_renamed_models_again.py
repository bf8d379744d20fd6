from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orchard", "0004_renamed_models")]

    operations = [
        migrations.RenameModel("Tool", "Implement"),
        migrations.RenameModel("Shed", "Store"),
        migrations.RenameModel("Loan", "Borrowing"),
        migrations.AlterModelTable("implement", "implements"),
        # The table is written out, and stays.
        migrations.RenameModel("Implement", "Instrument"),
        migrations.RenameField("borrowing", "tool", "thing"),
        migrations.RenameField("store", "tools", "things"),
        migrations.AlterModelTable("instrument", None),
        migrations.AlterModelTable("store", "Mixed Store"),
        migrations.AlterModelTable("store", "Mixed Store"),
        migrations.RenameModel("Tree", "Wood"),
        migrations.CreateModel(
            name="Row",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("length", models.IntegerField(db_column="len gth")),
                ("wood", models.ForeignKey(on_delete=models.CASCADE, to="orchard.wood")),
                ("store", models.ForeignKey(null=True, on_delete=models.CASCADE, to="orchard.store")),
            ],
            options={"unique_together": {("place", "wood")}},
        ),
    ]
