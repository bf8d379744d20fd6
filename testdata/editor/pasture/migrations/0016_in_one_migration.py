"""What is still in the queue when its table or column changes again: renamed, dropped, made twice."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0015_not_atomic")]

    operations = [
        migrations.CreateModel(
            "Fresh",
            [
                ("id", models.BigAutoField(**KEY)),
                ("word", models.CharField(db_index=True, max_length=9)),
                ("unique", models.TextField(unique=True)),
                ("nest", models.ForeignKey(on_delete=CASCADE, to="pasture.nest")),
                ("one", models.OneToOneField(on_delete=CASCADE, related_name="+", to="pasture.spelled")),
                ("gone", models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.spelled")),
            ],
        ),
        migrations.RenameField("fresh", "word", "words"),
        migrations.AlterField("fresh", "words", models.TextField(db_index=True)),
        migrations.AlterField("fresh", "unique", models.TextField()),
        migrations.AlterField("fresh", "one", models.TextField(default="a text")),
        migrations.RenameField("fresh", "one", "another"),
        migrations.RenameField("fresh", "nest", "home"),
        migrations.RemoveField("fresh", "gone"),
        migrations.AddField("fresh", "gone", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="pasture.words")),
        migrations.RenameModel("Fresh", "Stale"),
        migrations.AddField("stale", "slug", models.SlugField(default="a")),
        migrations.AlterField("stale", "slug", models.SlugField(default="a", unique=True)),
        migrations.AlterField("stale", "slug", models.TextField(default="a")),
    ]
