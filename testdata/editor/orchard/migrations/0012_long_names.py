from django.db import migrations, models

LONG = "a_field_whose_name_is_so_long_that_the_server_cuts_it_where_sixty_three_bytes_end"


class Migration(migrations.Migration):
    dependencies = [("orchard", "0011_concurrently")]

    operations = [
        migrations.CreateModel(
            name="AModelWhoseNameIsSoLongThatDjangoCutsTheNameOfItsTableToSixtyThree",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (LONG, models.CharField(db_index=True, max_length=9)),
                ("höhe", models.IntegerField(db_index=True)),
                ("wood", models.ForeignKey(on_delete=models.CASCADE, to="orchard.wood")),
                ("woods_by_a_name_that_is_rather_long_too", models.ManyToManyField(related_name="+", to="orchard.wood")),
            ],
            options={"unique_together": {(LONG, "wood")}},
        ),
        migrations.AddField(
            "AModelWhoseNameIsSoLongThatDjangoCutsTheNameOfItsTableToSixtyThree",
            "another_key_with_a_long_name_so_that_its_constraint_is_cut",
            models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="+", to="orchard.store"),
        ),
        migrations.CreateModel(
            name="Quoted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("select", models.IntegerField(db_column="Group By", unique=True)),
                ("per", models.IntegerField(db_column="per cent", db_index=True)),
                ("parent", models.ForeignKey(db_column="Self", null=True, on_delete=models.CASCADE, to="self")),
                ("peers", models.ManyToManyField(to="orchard.quoted")),
            ],
            options={"db_table": "Größe und Über", "unique_together": {("select", "per")}},
        ),
    ]
