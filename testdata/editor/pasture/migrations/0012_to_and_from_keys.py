"""A column becomes a foreign key, another one, a one to one, a plain column; with and without its constraint."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE, SET_NULL

WAY = [
    models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.nest"),
    models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.found"),
    models.ForeignKey(db_constraint=False, on_delete=CASCADE, related_name="+", to="pasture.found"),
    models.ForeignKey(on_delete=CASCADE, related_name="+", to="pasture.found"),
    models.ForeignKey(on_delete=CASCADE, related_name="other", to="pasture.found"),
    models.ForeignKey(db_comment="said", on_delete=CASCADE, related_name="other", to="pasture.found"),
    models.ForeignKey(blank=True, null=True, on_delete=SET_NULL, to="pasture.found"),
    models.ForeignKey(db_index=False, null=True, on_delete=SET_NULL, to="pasture.found"),
    models.ForeignKey(null=True, on_delete=SET_NULL, to="pasture.found", unique=True),
    models.OneToOneField(null=True, on_delete=SET_NULL, to="pasture.found"),
    models.OneToOneField(null=True, on_delete=SET_NULL, to="pasture.found", to_field="slug"),
    models.ForeignKey(null=True, on_delete=SET_NULL, to="pasture.spelled"),
    models.ForeignKey(null=True, on_delete=SET_NULL, to="pasture.counted"),
    models.ForeignKey(db_column="Target", null=True, on_delete=SET_NULL, to="pasture.counted"),
    models.ForeignKey(null=True, on_delete=SET_NULL, to="self"),
    models.BigIntegerField(null=True),
    models.CharField(db_index=True, max_length=9),
    models.ForeignKey(db_column="target", on_delete=CASCADE, to="pasture.spelled"),
    models.TextField(),
]


class Migration(migrations.Migration):
    dependencies = [("pasture", "0011_keys_that_others_point_at")]

    operations = [
        migrations.CreateModel("Arrow", [("id", models.BigAutoField(primary_key=True, serialize=False)), ("target", models.BigIntegerField())]),
        *[migrations.AlterField("arrow", "target", field) for field in WAY],
    ]
