import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("yard", "0001_every_column"),
    ]

    operations = [
        migrations.CreateModel(
            name="Farm",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("number", models.IntegerField(unique=True)),
            ],
            options={"db_table": "farms"},
        ),
        migrations.CreateModel(
            name="Barn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("farm", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.farm")),
                ("by_number", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="numbered", to="yard.farm", to_field="number")),
                ("keeper", models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ("loose", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="yard.farm")),
                ("plain", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="plain_barns", to="yard.sheep")),
                ("parent", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="yard.barn")),
                ("sheep", models.ManyToManyField(related_name="barns", to="yard.sheep")),
                ("neighbours", models.ManyToManyField(to="yard.barn")),
                ("owners", models.ManyToManyField(db_table="barn_owner_link", to=settings.AUTH_USER_MODEL)),
            ],
            options={"unique_together": {("farm", "keeper")}},
        ),
        migrations.CreateModel(
            name="RedBarn",
            fields=[
                ("barn_ptr", models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to="yard.barn")),
                ("shade", models.CharField(max_length=10)),
            ],
            bases=("yard.barn",),
        ),
        migrations.CreateModel(
            name="BarnProxy",
            fields=[],
            options={"proxy": True, "indexes": []},
            bases=("yard.barn",),
        ),
        migrations.CreateModel(
            name="Elsewhere",
            fields=[("id", models.BigAutoField(primary_key=True)), ("x", models.IntegerField())],
            options={"managed": False},
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("barn", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.barn")),
                ("animal", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="yard.sheep")),
            ],
        ),
        migrations.AddField(
            model_name="barn",
            name="guests",
            field=models.ManyToManyField(related_name="guest_of", through="yard.Stay", to="yard.sheep"),
        ),
        migrations.AddField(model_name="barn", name="friends", field=models.ManyToManyField(to="yard.farm")),
        migrations.AddField(
            model_name="sheep",
            name="home",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="yard.farm"),
        ),
        migrations.AddField(
            model_name="sheep",
            name="owner",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterUniqueTogether(name="stay", unique_together={("barn", "animal")}),
    ]
