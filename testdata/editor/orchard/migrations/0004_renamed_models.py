from django.db import migrations, models


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("orchard", "0003_inheritance")]

    operations = [
        migrations.CreateModel(name="Tool", fields=[("id", key()), ("number", models.IntegerField(unique=True))]),
        migrations.CreateModel(
            name="Shed",
            fields=[
                ("id", key()),
                ("tools", models.ManyToManyField(to="orchard.tool")),
                ("spare", models.ManyToManyField(db_table="spare_tools", related_name="spare_in", to="orchard.tool")),
                ("nearby", models.ManyToManyField(to="orchard.shed")),
                ("behind", models.ManyToManyField(related_name="before", to="orchard.shed", symmetrical=False)),
                ("main", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to="orchard.tool")),
                ("by_number", models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="sheds_by_number", to="orchard.tool", to_field="number")),
                ("twin", models.OneToOneField(null=True, on_delete=models.CASCADE, to="self")),
            ],
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", key()),
                ("shed", models.ForeignKey(on_delete=models.CASCADE, to="orchard.shed")),
                ("tool", models.ForeignKey(on_delete=models.CASCADE, to="orchard.tool")),
                ("other", models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="other_loans", to="orchard.tool")),
            ],
        ),
        migrations.AddField(
            "shed",
            "lent",
            models.ManyToManyField(related_name="lent_by", through="orchard.Loan", through_fields=("shed", "tool"), to="orchard.tool"),
        ),
    ]
