from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orchard", "0009_sql")]

    operations = [
        migrations.AlterModelTable("four", "sql_5"),
        migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 5", [])]),
        migrations.RunSQL("SELECT 6"),
    ]
