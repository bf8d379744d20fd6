from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harbour", "0002_indexes")]
    operations = [
        migrations.RunSQL(
            ["CREATE VIEW harbour_open_ports AS SELECT id, name FROM harbour_port WHERE is_open"],
            reverse_sql=["DROP VIEW harbour_open_ports"],
        ),
        migrations.RunSQL(
            [
                "CREATE FUNCTION harbour_shout() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN NEW.notes := upper(NEW.notes); RETURN NEW; END$$",
                "CREATE TRIGGER harbour_port_shouts BEFORE INSERT OR UPDATE ON harbour_port "
                "FOR EACH ROW EXECUTE FUNCTION harbour_shout()",
            ],
            reverse_sql=["DROP TRIGGER harbour_port_shouts ON harbour_port", "DROP FUNCTION harbour_shout()"],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ["CREATE TABLE harbour_buoy (id serial PRIMARY KEY, label varchar(20) NOT NULL)"],
                    reverse_sql=["DROP TABLE harbour_buoy"],
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Buoy",
                    fields=[
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        ("label", models.CharField(max_length=20)),
                    ],
                ),
            ],
        ),
    ]
