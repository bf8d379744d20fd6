"""Keys that count themselves and keys that do not; a serial of the time before identity."""

from django.db import migrations, models

KEY = {"primary_key": True, "serialize": False}


class Migration(migrations.Migration):
    dependencies = [("pasture", "0008_types")]

    operations = [
        migrations.CreateModel("Ticket", [("id", models.AutoField(**KEY))]),
        migrations.AlterField("ticket", "id", models.BigAutoField(**KEY)),
        migrations.AlterField("ticket", "id", models.SmallAutoField(**KEY)),
        migrations.AlterField("ticket", "id", models.SmallIntegerField(**KEY)),
        migrations.AlterField("ticket", "id", models.IntegerField(**KEY)),
        migrations.AlterField("ticket", "id", models.AutoField(**KEY)),
        migrations.AlterField("ticket", "id", models.PositiveBigIntegerField(**KEY)),
        migrations.AlterField("ticket", "id", models.BigAutoField(**KEY)),
        migrations.AlterField("ticket", "id", models.CharField(max_length=9, **KEY)),
        migrations.AlterField("ticket", "id", models.BigAutoField(db_column="Ticket Number", **KEY)),
        migrations.RunSQL(
            ['CREATE TABLE "pasture_serial" ("id" serial NOT NULL PRIMARY KEY)'],
            state_operations=[migrations.CreateModel("Serial", [("id", models.AutoField(**KEY))])],
        ),
        migrations.AlterField("serial", "id", models.BigAutoField(**KEY)),
        migrations.AlterField("serial", "id", models.BigIntegerField(**KEY)),
        migrations.AlterField("serial", "id", models.BigAutoField(**KEY)),
        migrations.RunSQL(
            ['CREATE TABLE "pasture_other serial" ("id" bigserial NOT NULL PRIMARY KEY)'],
            state_operations=[migrations.CreateModel("OtherSerial", [("id", models.BigAutoField(**KEY))], {"db_table": "pasture_other serial"})],
        ),
        migrations.AlterField("otherserial", "id", models.IntegerField(**KEY)),
    ]
