from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("yard", "0010_primary_keys")]

    operations = [migrations.RenameModel("Pond", "Lake")]
