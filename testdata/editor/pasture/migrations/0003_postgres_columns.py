"""The fields of django.contrib.postgres."""

from django.contrib.postgres import fields, search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pasture", "0002_numbers_and_times")]

    operations = [
        migrations.CreateModel(
            name="Nest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("integers", fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("words", fields.ArrayField(base_field=models.CharField(max_length=7), db_index=True, default=list, size=3)),
                ("texts", fields.ArrayField(base_field=models.TextField(db_collation="C"), null=True, unique=True)),
                ("board", fields.ArrayField(base_field=fields.ArrayField(base_field=models.PositiveIntegerField(), size=8), size=8)),
                ("prices", fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5))),
                ("days", fields.ArrayField(base_field=fields.DateRangeField())),
                ("pairs", fields.HStoreField(default=dict)),
                ("pairs_null", fields.HStoreField(db_comment="pairs", null=True)),
                ("between", fields.IntegerRangeField(db_index=True)),
                ("between_big", fields.BigIntegerRangeField(null=True)),
                ("between_decimals", fields.DecimalRangeField(unique=True)),
                ("between_days", fields.DateRangeField(default=None, null=True)),
                ("between_moments", fields.DateTimeRangeField()),
                ("found", search.SearchVectorField(null=True)),
            ],
        ),
        migrations.AddField("nest", "more", fields.ArrayField(base_field=models.UUIDField(), default=list)),
        migrations.AddField("nest", "last", fields.IntegerRangeField(default=(1, 10))),
        migrations.AlterField("nest", "integers", fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
        migrations.AlterField("nest", "integers", fields.ArrayField(base_field=models.BigIntegerField(), size=4)),
        migrations.AlterField("nest", "words", fields.ArrayField(base_field=models.CharField(max_length=70), db_index=True, default=list, size=3)),
        migrations.AlterField("nest", "words", fields.ArrayField(base_field=models.TextField(), default=list)),
        migrations.AlterField("nest", "board", fields.ArrayField(base_field=fields.ArrayField(base_field=models.CharField(max_length=3)))),
        migrations.AlterField("nest", "between_big", fields.BigIntegerRangeField(default=(None, 5))),
        migrations.AlterField("nest", "found", search.SearchVectorField(null=True, unique=True)),
        migrations.RenameField("nest", "between", "between_numbers"),
        migrations.RemoveField("nest", "pairs_null"),
    ]
