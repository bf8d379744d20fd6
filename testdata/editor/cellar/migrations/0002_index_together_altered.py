from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cellar", "0001_index_together")]

    operations = [
        migrations.AlterIndexTogether("cask", {("row", "place"), ("parent", "row")}),
        migrations.AlterIndexTogether("cask", {("parent", "row")}),
        migrations.RenameField("cask", "row", "line"),
        migrations.AlterIndexTogether("cask", {("parent", "line"), ("place", "line")}),
        migrations.RenameIndex("cask", new_name="cask_place_line", old_fields=("place", "line")),
        migrations.AlterIndexTogether("cask", None),
    ]
