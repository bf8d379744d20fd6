from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("yard", "0011_renamed_target")]

    operations = [
        migrations.CreateModel(
            name="Cask",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row", models.IntegerField()),
                ("place", models.IntegerField(db_column="the place")),
                ("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to="self")),
            ],
            options={"index_together": {("row", "place")}, "unique_together": {("row", "parent")}},
        ),
    ]
