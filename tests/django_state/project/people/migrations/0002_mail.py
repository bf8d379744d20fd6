from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("garden", "0002_rename")]
    operations = [
        migrations.RenameField("gardener", "mail", "address"),
        migrations.RenameModel("Tool", "Utensil"),
        migrations.RenameModel("Loan", "Lending"),
        migrations.AlterModelOptions("Utensil", {}),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.CreateModel("Visit", [("when", models.DateField())])],
        ),
    ]
