import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yard", "0003_added_fields")]

    operations = [
        # Nothing that the database knows of.
        migrations.AlterField("barn", "one_off", models.CharField(blank=True, choices=[("a", "A")], help_text="help", max_length=20)),
        migrations.AlterField("barn", "one_off", models.CharField(max_length=40)),
        migrations.AlterField("barn", "one_off", models.CharField(max_length=40, null=True)),
        migrations.AlterField("barn", "one_off", models.CharField(default="was null", max_length=40)),
        migrations.AlterField("barn", "one_off", models.TextField(default="was null")),
        migrations.AlterField("barn", "one_off", models.TextField(default="was null", db_index=True)),
        migrations.AlterField("barn", "one_off", models.CharField(db_index=True, max_length=10)),
        migrations.AlterField("barn", "one_off", models.IntegerField(db_index=True)),
        migrations.AlterField("barn", "one_off", models.CharField(max_length=10, unique=True)),
        migrations.AlterField("barn", "one_off", models.TextField(unique=True)),
        migrations.AlterField("barn", "one_off", models.TextField(db_index=True)),
        migrations.AlterField("barn", "one_off", models.TextField()),
        migrations.AlterField("barn", "slug", models.SlugField(max_length=20)),
        migrations.AlterField("barn", "slug", models.CharField(max_length=20)),
        migrations.AlterField("barn", "doors", models.IntegerField(default=2)),
        migrations.AlterField("barn", "doors", models.PositiveIntegerField(default=2)),
        migrations.AlterField("barn", "doors", models.PositiveBigIntegerField(default=2)),
        migrations.AlterField("barn", "doors", models.BigIntegerField(null=True)),
        migrations.AlterField("barn", "doors", models.PositiveBigIntegerField(default=7), preserve_default=False),
        migrations.AlterField("barn", "price", models.DecimalField(decimal_places=2, max_digits=9)),
        migrations.AlterField("barn", "price", models.FloatField()),
        migrations.AlterField("barn", "blank_text", models.TextField(blank=True, null=True)),
        migrations.AlterField("barn", "blank_text", models.TextField(blank=True)),
        migrations.AlterField("barn", "height", models.IntegerField(db_column="tallness", default=-3)),
        migrations.AlterField("barn", "height", models.IntegerField(db_column="tallness", default=4)),
        # Foreign keys are dropped and made again.
        migrations.AlterField("barn", "plain", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="plain_barns", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="others", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.ForeignKey(default=1, on_delete=django.db.models.deletion.CASCADE, related_name="others", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="others", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="others", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="others", to="yard.sheep")),
        migrations.AlterField("barn", "plain", models.IntegerField(db_column="plain_id", null=True)),
        migrations.AlterField("barn", "plain", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="yard.sheep")),
        # Keys that others point at.
        migrations.AlterField("sheep", "id", models.BigAutoField(primary_key=True, serialize=False)),
        migrations.AlterField("farm", "code", models.CharField(max_length=20, primary_key=True, serialize=False)),
        migrations.AlterField("farm", "number", models.BigIntegerField(unique=True)),
    ]
