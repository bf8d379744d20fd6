"""Outside a transaction, each statement stands for itself."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("pasture", "0014_primary_key_moves")]

    operations = [
        migrations.CreateModel("Alone", [("id", models.BigAutoField(primary_key=True, serialize=False)), ("word", models.CharField(max_length=9, null=True)), ("nest", models.ForeignKey(on_delete=CASCADE, to="pasture.nest"))]),
        migrations.AddField("alone", "number", models.PositiveIntegerField(db_index=True, default=1)),
        migrations.AddField("alone", "other", models.OneToOneField(null=True, on_delete=CASCADE, related_name="+", to="pasture.spelled")),
        migrations.AlterField("alone", "word", models.TextField(default="w", unique=True)),
        migrations.AlterField("alone", "nest", models.ForeignKey(null=True, on_delete=CASCADE, to="pasture.nest")),
        migrations.RenameField("alone", "nest", "home"),
        migrations.RemoveField("alone", "other"),
    ]
