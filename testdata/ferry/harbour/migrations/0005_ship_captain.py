from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harbour", "0004_ship_flag")]
    operations = [
        migrations.AddField(
            "ship", "captain", models.CharField(max_length=60, default=""), preserve_default=False
        ),
    ]
