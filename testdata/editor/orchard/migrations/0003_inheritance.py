import django.db.models.deletion
from django.db import migrations, models

import orchard.bases


def link(to):
    return models.OneToOneField(
        auto_created=True,
        on_delete=django.db.models.deletion.CASCADE,
        parent_link=True,
        primary_key=True,
        serialize=False,
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [("orchard", "0002_model_options")]

    operations = [
        migrations.CreateModel(
            name="Plant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=9)),
                ("friends", models.ManyToManyField(to="orchard.plant")),
            ],
            bases=(orchard.bases.Labelled, models.Model),
        ),
        # A chain of three tables.
        migrations.CreateModel(
            name="Shrub",
            fields=[("plant_ptr", link("orchard.plant")), ("girth", models.IntegerField(db_index=True))],
            bases=("orchard.plant",),
        ),
        migrations.CreateModel(
            name="Rose",
            fields=[("shrub_ptr", link("orchard.shrub")), ("colour", models.CharField(max_length=5, unique=True))],
            options={"unique_together": {("colour", "shrub_ptr")}},
            bases=("orchard.shrub", orchard.bases.Labelled),
        ),
        # Two parents, and a link by another name that is not the key.
        migrations.CreateModel(
            name="Pot",
            fields=[("code", models.CharField(max_length=4, primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="PottedRose",
            fields=[
                ("rose", models.OneToOneField(on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False, to="orchard.rose")),
                ("pot_ptr", models.OneToOneField(auto_created=True, on_delete=models.CASCADE, parent_link=True, to="orchard.pot")),
            ],
            bases=("orchard.rose", "orchard.pot"),
        ),
        # The link is not written.
        migrations.CreateModel(name="Weed", fields=[("is_tall", models.BooleanField(default=True))], bases=("orchard.Plant",)),
        migrations.CreateModel(
            name="RoseProxy",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("orchard.rose",),
        ),
        migrations.CreateModel(name="ProxyOfProxy", fields=[], options={"proxy": True}, bases=("orchard.roseproxy",)),
        migrations.CreateModel(
            name="Thorn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("rose", models.ForeignKey(on_delete=models.CASCADE, to="orchard.roseproxy")),
                ("weed", models.ForeignKey(null=True, on_delete=models.CASCADE, to="orchard.weed")),
                ("shrubs", models.ManyToManyField(to="orchard.shrub")),
                ("proxies", models.ManyToManyField(related_name="thorns", to="orchard.proxyofproxy")),
            ],
        ),
        # Fields of a proxy and of a child.
        migrations.AddField("rose", "price", models.IntegerField(default=3)),
        migrations.AddField("rose", "pots", models.ManyToManyField(to="orchard.pot")),
        migrations.AddIndex("shrub", models.Index(fields=["girth"], name="shrub_girth")),
        migrations.AddConstraint("rose", models.UniqueConstraint(fields=["price"], name="rose_price")),
        # A model that others extend cannot be renamed: their bases do not follow.
        migrations.RenameModel("Weed", "Nettle"),
        migrations.AlterModelOptions("proxyofproxy", {"ordering": ["pk"]}),
        migrations.AlterField("plant", "id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        migrations.RenameField("pot", "code", "number"),
        migrations.AlterField("pot", "number", models.CharField(max_length=6, primary_key=True, serialize=False)),
        migrations.DeleteModel("Thorn"),
        migrations.DeleteModel("PottedRose"),
    ]
