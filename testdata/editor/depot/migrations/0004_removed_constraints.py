from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("depot", "0003_constraints_since_5")]

    operations = [
        migrations.RemoveConstraint("bay", "bay_same_nulls"),
        migrations.RemoveConstraint("bay", "bay_index"),
        migrations.RemoveConstraint("bay", "bay_not_valid"),
        migrations.RemoveConstraint("bay", "bay_span"),
    ]
