from django.db import migrations, models

from bench.fields import CodeField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Maker",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length="30"))],
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("code", CodeField()),
                ("codes", CodeField(several=True, blank=True)),
                ("short", CodeField(max_length=2, null=True)),
                ("maker", models.ForeignKey("bench.Maker", on_delete=models.CASCADE)),
            ],
            options={"indexes": [models.Index(fields=["maker_id", "-code"], name="bench_part_maker")]},
        ),
        migrations.CreateModel(
            name="Scrap",
            fields=[("id", models.BigAutoField(primary_key=True))],
        ),
    ]
