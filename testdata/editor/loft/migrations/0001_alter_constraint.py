from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Beam",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shelf", models.IntegerField()),
                ("room", models.IntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["shelf", "room"], name="beam_distinct")]},
        ),
        migrations.AddConstraint("beam", models.CheckConstraint(condition=Q(room__lt=9), name="beam_altered")),
        # Only the state changes: the message is none of the server's business.
        migrations.AlterConstraint(
            "beam",
            "beam_altered",
            models.CheckConstraint(condition=Q(room__lt=9), name="beam_altered", violation_error_message="too high"),
        ),
        migrations.AlterConstraint(
            model_name="beam", name="beam_distinct", constraint=models.UniqueConstraint(fields=["shelf", "room"], name="beam_distinct")
        ),
        migrations.RemoveConstraint("beam", "beam_altered"),
    ]
