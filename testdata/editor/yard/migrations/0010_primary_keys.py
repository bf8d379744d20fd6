import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yard", "0009_concurrently")]

    operations = [
        migrations.CreateModel(
            name="Pond",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("ducks", models.ManyToManyField(to="yard.goat")),
            ],
        ),
        migrations.CreateModel(
            name="Reed",
            fields=[
                ("pond", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to="yard.pond")),
            ],
        ),
        migrations.CreateModel(
            name="Frog",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reed", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.reed")),
            ],
        ),
        migrations.AlterField("pond", "id", models.AutoField(primary_key=True, serialize=False)),
        migrations.AddField("frog", "number", models.IntegerField(default=0)),
        migrations.RemoveField("frog", "id"),
        migrations.AlterField("frog", "number", models.IntegerField(primary_key=True, serialize=False)),
        migrations.AlterField("pond", "ducks", models.ManyToManyField(related_name="ponds", to="yard.goat")),
        migrations.AlterField("pond", "ducks", models.ManyToManyField(db_table="pond_ducks", to="yard.goat")),
        migrations.RenameField("pond", "ducks", "birds"),
        migrations.RemoveField("pond", "birds"),
    ]
