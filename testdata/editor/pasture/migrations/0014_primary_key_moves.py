"""Another column becomes the key."""

import uuid

from django.db import migrations, models
from django.db.models.deletion import CASCADE

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0013_collations_comments_columns")]

    operations = [
        migrations.AlterField("moved", "code", models.CharField(max_length=9)),
        migrations.AlterField("moved", "uuid", models.UUIDField(default=uuid.uuid4, **KEY)),
        migrations.CreateModel("Late", [("id", models.BigAutoField(**KEY)), ("moved", models.ForeignKey(on_delete=CASCADE, to="pasture.moved"))]),
        migrations.AlterField("moved", "number", models.BigIntegerField(unique=True)),
        migrations.RemoveField("moved", "code"),
    ]
