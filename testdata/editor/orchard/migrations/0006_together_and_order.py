from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orchard", "0005_renamed_models_again")]

    operations = [
        migrations.AlterUniqueTogether("row", {("place", "wood"), ("length", "store")}),
        migrations.AlterUniqueTogether("row", {("length", "store")}),
        # One group alone may be written without the outer brackets.
        migrations.AlterUniqueTogether("row", ("place", "length")),
        migrations.RenameField("row", "place", "position"),
        migrations.RenameField("row", "wood", "tree"),
        migrations.AlterUniqueTogether("row", {("position", "length", "tree")}),
        migrations.AlterUniqueTogether("row", None),
        migrations.AlterUniqueTogether("row", {("position",)}),
        migrations.AlterUniqueTogether("row", set()),
        migrations.AlterOrderWithRespectTo("row", "tree"),
        migrations.AlterOrderWithRespectTo("row", "store"),
        migrations.AlterUniqueTogether("row", {("store", "_order")}),
        migrations.AlterUniqueTogether("row", set()),
        migrations.AlterOrderWithRespectTo("row", None),
        migrations.AlterOrderWithRespectTo("row", "store"),
    ]
