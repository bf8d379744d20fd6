from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harbour", "0003_by_hand")]
    operations = [
        migrations.AddField("ship", "flag", models.CharField(max_length=2, db_default="NO")),
    ]
