from django.db import migrations, models

from bench import defaults


class Migration(migrations.Migration):
    dependencies = [("bench", "0001_initial")]
    operations = [
        migrations.AddField("part", "token", models.UUIDField(default=defaults.token)),
        migrations.AddField("part", "due", models.DateTimeField(default=defaults.tomorrow)),
        migrations.AddField("part", "label", models.CharField(max_length=12, default=defaults.label)),
    ]
