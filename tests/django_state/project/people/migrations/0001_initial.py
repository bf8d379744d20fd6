from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Gardener",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("mail", models.EmailField(max_length=254, unique=True)),
                ("alias", models.CharField("Alias", max_length=20, null=True)),
            ],
        ),
        migrations.CreateModel(
            "Tool",
            [
                ("owner", models.ForeignKey(to="people.Gardener", on_delete=models.CASCADE, db_column="own")),
                ("spare", models.OneToOneField(to="self", on_delete=models.CASCADE, null=True)),
                ("others", models.ManyToManyField("Tool", through="people.Loan")),
            ],
        ),
        migrations.CreateModel(
            "Loan",
            [
                ("what", models.ForeignKey("people.TOOL", models.CASCADE, related_name="+")),
                ("other", models.ForeignKey("people.tool", models.CASCADE, related_name="+")),
            ],
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("people.gardener",),
        ),
    ]
