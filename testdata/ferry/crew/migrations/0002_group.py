from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crew", "0001_initial")]
    operations = [
        migrations.AddField("sailor", "email", models.EmailField(blank=True, default="", max_length=254)),
        migrations.AddField(
            "sailor",
            "group",
            models.CharField(max_length=7, db_column="group", default=""),
            preserve_default=False,
        ),
        migrations.AddIndex("sailor", models.Index(fields=["group"], name="select")),
        migrations.AddConstraint(
            "sailor",
            models.CheckConstraint(condition=models.Q(rank__gte=0), name="ränk isn't\nnegative"),
        ),
    ]
