import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orchard", "0001_every_extension")]

    operations = [
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30)),
                ("height", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "tree",
                "db_table_comment": "What stands in the orchard; it's wood",
                "db_tablespace": "pg_default",
                "default_manager_name": "objects",
                "default_permissions": ("view",),
                "default_related_name": "trees",
                "get_latest_by": "height",
                "ordering": ["name"],
                "permissions": [("climb", "Can climb")],
                "required_db_features": ["supports_comments"],
                "required_db_vendor": "postgresql",
                "select_on_save": True,
                "verbose_name": "tree",
                "verbose_name_plural": "trees",
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["name"], name="tree_name", db_tablespace="pg_default")],
                "constraints": [models.UniqueConstraint(fields=["name", "height"], name="%(app_label)s_%(class)s_key")],
                "unique_together": {("height", "id")},
            },
            managers=[("objects", django.db.models.manager.Manager())],
        ),
        # Neither a table nor columns of its own.
        migrations.CreateModel(
            name="Unmanaged",
            fields=[("id", models.BigAutoField(primary_key=True)), ("tree", models.ForeignKey(on_delete=models.CASCADE, to="orchard.tree"))],
            options={"managed": False, "db_table": "a_view"},
        ),
        # A table of the same kind as the others, in a tablespace that its indexes share.
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("tree", models.ForeignKey(db_tablespace="pg_default", on_delete=django.db.models.deletion.CASCADE, to="orchard.tree")),
                ("code", models.CharField(db_comment="A code", max_length=8, unique=True)),
                ("note", models.SlugField(db_comment="")),
                ("trees", models.ManyToManyField(db_constraint=False, related_name="+", to="orchard.tree")),
                ("others", models.ManyToManyField(blank=True, symmetrical=False, to="orchard.branch")),
            ],
            options={"db_tablespace": "pg_default", "order_with_respect_to": "tree"},
        ),
        # Without a key of its own.
        migrations.CreateModel(name="Leaf", fields=[("branch", models.ForeignKey(null=True, on_delete=models.SET_NULL, to="orchard.Branch"))]),
        migrations.CreateModel(
            name="Fruit",
            fields=[
                ("branch", models.OneToOneField(on_delete=models.CASCADE, primary_key=True, serialize=False, to="orchard.branch")),
                ("ripe", models.BooleanField(default=False)),
                ("weight", models.IntegerField(db_index=True)),
                ("words", models.TextField(unique=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(fields=["weight"], name="fruit_weight_brin"),
                    models.Index(condition=Q(ripe=True), fields=["-weight"], name="fruit_ripe"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=Q(ripe=False), fields=["weight"], name="fruit_unripe"),
                    models.UniqueConstraint(deferrable=models.Deferrable.DEFERRED, fields=["weight", "ripe"], name="fruit_late"),
                    models.UniqueConstraint(fields=["weight"], include=["ripe"], name="fruit_covering", violation_error_message="no"),
                ],
            },
        ),
        migrations.AlterModelOptions(name="fruit", options={"ordering": ["weight"], "verbose_name": "fruit"}),
        migrations.AlterModelOptions(name="fruit", options={}),
        migrations.AlterModelManagers(name="fruit", managers=[("objects", django.db.models.manager.Manager())]),
        migrations.AlterModelTableComment(name="fruit", table_comment="What falls"),
        migrations.AlterModelTableComment(name="fruit", table_comment=None),
        migrations.AlterModelTableComment(name="tree", table_comment=""),
        # What is not managed any more is left alone, and what is again is not created.
        migrations.AlterModelOptions(name="leaf", options={"managed": False}),
        migrations.AddField("leaf", "unseen", models.IntegerField(null=True)),
        migrations.AlterModelTable("leaf", "nowhere"),
        migrations.RemoveField("leaf", "unseen"),
        migrations.AlterModelTable("leaf", None),
        migrations.AlterModelOptions(name="leaf", options={}),
    ]
