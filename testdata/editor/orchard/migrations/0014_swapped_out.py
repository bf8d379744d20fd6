from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("orchard", "0013_long_names_altered"),
    ]

    operations = [
        # Another model stands in its place: no table, and nothing else that concerns one.
        migrations.CreateModel(
            name="User",
            fields=[("id", models.BigAutoField(primary_key=True, serialize=False)), ("name", models.CharField(max_length=5))],
            options={"swappable": "AUTH_USER_MODEL"},
        ),
        migrations.AddField("user", "age", models.IntegerField(null=True)),
        migrations.AddIndex("user", models.Index(fields=["age"], name="user_age")),
        migrations.CreateModel(
            name="Gardener",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user", models.ForeignKey(on_delete=models.CASCADE, to=settings.AUTH_USER_MODEL)),
                ("helpers", models.ManyToManyField(related_name="helps", to=settings.AUTH_USER_MODEL)),
            ],
            # A setting that is not there leaves it where it is.
            options={"swappable": "ORCHARD_GARDENER_MODEL"},
        ),
        migrations.AlterModelTable("user", "users"),
        migrations.DeleteModel("User"),
        migrations.DeleteModel("Unmanaged"),
    ]
