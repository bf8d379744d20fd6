from django.conf import settings
from django.db import migrations, models


def steps():
    if settings.BENCH_IN_TWO_STEPS:
        return [
            migrations.RenameField("maker", "motto", "motto_text"),
            migrations.AddField("maker", "motto", models.JSONField(null=True)),
        ]
    return [migrations.AlterField("maker", "motto", models.JSONField(null=True))]


class Migration(migrations.Migration):
    dependencies = [("bench", "0005_other_servers")]
    operations = [*steps()]
