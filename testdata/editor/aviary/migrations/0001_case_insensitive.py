"""The CI fields, which lost their SQL with 5.1."""

from django.contrib.postgres.fields import ArrayField, CICharField, CIEmailField, CITextField
from django.contrib.postgres.operations import CITextExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pasture", "0016_in_one_migration")]

    operations = [
        CITextExtension(),
        migrations.CreateModel(
            "Bird",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", CICharField(max_length=9, unique=True)),
                ("mail", CIEmailField(db_index=True, max_length=254)),
                ("song", CITextField(null=True)),
                ("songs", ArrayField(base_field=CITextField(), default=list)),
            ],
        ),
        migrations.AlterField("bird", "name", models.CharField(max_length=9, unique=True)),
        migrations.AlterField("bird", "name", CITextField(unique=True)),
        migrations.AlterField("bird", "name", models.TextField(db_index=True)),
        migrations.AlterField("bird", "mail", models.EmailField(db_index=True, max_length=254)),
        migrations.AlterField("bird", "song", CITextField(default="it's")),
        migrations.AlterField("bird", "songs", ArrayField(base_field=models.TextField(), default=list)),
        migrations.AddField("bird", "call", CITextField(db_index=True, default="100 %")),
    ]
