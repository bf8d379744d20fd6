"""Tables for the next migrations: in the same one their keys and indexes would still be in the queue."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0009_identity")]

    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.AutoField(**KEY)),
                ("code", models.CharField(max_length=9, unique=True)),
                ("next", models.ForeignKey(null=True, on_delete=CASCADE, related_name="previous", to="self")),
                ("near", models.ManyToManyField(to="self")),
                ("words", models.ManyToManyField(to="pasture.words")),
            ],
        ),
        migrations.CreateModel("Sign", [("post", models.OneToOneField(on_delete=CASCADE, to="pasture.post", **KEY))]),
        migrations.CreateModel(
            "Text",
            [
                ("id", models.BigAutoField(**KEY)),
                ("sign", models.ForeignKey(on_delete=CASCADE, to="pasture.sign")),
                ("post", models.ForeignKey(on_delete=CASCADE, related_name="texts", to="pasture.post")),
                ("loose", models.ForeignKey(db_constraint=False, on_delete=CASCADE, related_name="loose_texts", to="pasture.post")),
                ("code", models.ForeignKey(on_delete=CASCADE, related_name="coded_texts", to="pasture.post", to_field="code")),
                ("posts", models.ManyToManyField(related_name="many_texts", to="pasture.post")),
            ],
        ),
        migrations.CreateModel("Child", [], bases=("pasture.post",)),
        migrations.CreateModel("Spoken", [("word", models.CharField(max_length=9, **KEY)), ("other", models.TextField(db_index=True))]),
        migrations.CreateModel("Answer", [("id", models.BigAutoField(**KEY)), ("word", models.ForeignKey(on_delete=CASCADE, to="pasture.spoken"))]),
        migrations.CreateModel("Moved", [("code", models.CharField(max_length=9, **KEY)), ("number", models.IntegerField(unique=True)), ("uuid", models.UUIDField(null=True))]),
        migrations.CreateModel("Follower", [("id", models.BigAutoField(**KEY)), ("number", models.ForeignKey(on_delete=CASCADE, to="pasture.moved", to_field="number"))]),
    ]
