from django.db import migrations, models

LONG = "a_field_whose_name_is_so_long_that_the_server_cuts_it_where_sixty_three_bytes_end"


class Migration(migrations.Migration):
    dependencies = [("orchard", "0012_long_names")]

    operations = [
        migrations.AlterModelTable("quoted", "1 table"),
        migrations.AlterField("quoted", "per", models.BigIntegerField(db_column="per cent", unique=True)),
        migrations.RemoveField("quoted", "parent"),
        migrations.AlterUniqueTogether("quoted", set()),
        migrations.AlterField(
            "AModelWhoseNameIsSoLongThatDjangoCutsTheNameOfItsTableToSixtyThree", "wood", models.OneToOneField(null=True, on_delete=models.CASCADE, to="orchard.wood")
        ),
        migrations.RenameModel("AModelWhoseNameIsSoLongThatDjangoCutsTheNameOfItsTableToSixtyThree", "Short"),
        migrations.RemoveField("short", "another_key_with_a_long_name_so_that_its_constraint_is_cut"),
        migrations.RenameField("short", LONG, "brief"),
    ]
