"""Values that the database gives: set, changed, taken away, beside those of Django."""

import datetime
import decimal
import uuid

from django.contrib.postgres.fields import ArrayField, DateRangeField, HStoreField, IntegerRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models
from django.db.models import Value
from django.db.models.deletion import CASCADE
from django.db.models.functions import Lower, Now

KEY = {"primary_key": True, "serialize": False}
WAY = [
    models.IntegerField(db_default=5),
    models.IntegerField(db_default=-6),
    models.IntegerField(db_default=5, default=9),
    models.IntegerField(default=9),
    models.IntegerField(db_default=Value(5)),
    models.IntegerField(db_default=5),
    models.IntegerField(db_default=5, null=True),
    models.IntegerField(db_default=5),
    models.IntegerField(null=True),
    models.IntegerField(db_default=7),
    models.BigIntegerField(db_default=7),
    models.BigIntegerField(db_default=7, db_index=True),
    models.CharField(db_default="it's 100 %", max_length=20),
    models.CharField(db_default=Lower(Value("ABC")), max_length=20),
    models.TextField(db_default=""),
    models.TextField(),
]


class Migration(migrations.Migration):
    dependencies = [("pasture", "0016_in_one_migration")]

    operations = [
        migrations.CreateModel("Tree", [("id", models.UUIDField(db_default=RandomUUID(), **KEY)), ("number", models.IntegerField())]),
        *[migrations.AlterField("tree", "number", field) for field in WAY],
        migrations.CreateModel(
            "Fruit",
            [
                ("id", models.BigAutoField(**KEY)),
                ("tree", models.ForeignKey(db_default=uuid.UUID(int=1), on_delete=CASCADE, to="vineyard.tree")),
                ("word", models.CharField(db_default="\\ 'quoted' \n %s", db_index=True, max_length=30)),
                ("truth", models.BooleanField(db_default=True)),
                ("nothing", models.TextField(db_default=None, null=True)),
                ("null", models.JSONField(db_default=None, null=True)),
                ("json", models.JSONField(db_default={"a": [1, None]})),
                ("bytes", models.BinaryField(db_default=b"\x00")),
                ("moment", models.DateTimeField(db_default=Now())),
                ("date", models.DateField(db_default=datetime.date(2024, 1, 31))),
                ("time", models.TimeField(db_default=datetime.time(12, 30))),
                ("duration", models.DurationField(db_default=datetime.timedelta(hours=1))),
                ("decimal", models.DecimalField(db_default=decimal.Decimal("1.50"), decimal_places=2, max_digits=5)),
                ("float", models.FloatField(db_default=float("inf"))),
                ("address", models.GenericIPAddressField(db_default="::1")),
                ("integers", ArrayField(base_field=models.IntegerField(), db_default=[1, 2])),
                ("words", ArrayField(base_field=models.CharField(max_length=9), db_default=[])),
                ("pairs", HStoreField(db_default={"a": "b"})),
                ("between", IntegerRangeField(db_default=(1, 5))),
                ("days", DateRangeField(db_default=(datetime.date(2024, 1, 1), None))),
                ("positive", models.PositiveIntegerField(db_comment="how many", db_default=3)),
            ],
        ),
        migrations.AddField("fruit", "weight", models.PositiveIntegerField(db_default=1, default=2)),
        migrations.AddField("fruit", "sizes", ArrayField(base_field=models.TextField(), db_default=["a"], size=2)),
        migrations.AddField("fruit", "unique", models.UUIDField(db_default=RandomUUID(), unique=True)),
        migrations.AlterField("fruit", "nothing", models.TextField(db_default="")),
        migrations.AlterField("fruit", "moment", models.DateTimeField(auto_now_add=True)),
        migrations.RemoveField("fruit", "weight"),
        migrations.RenameField("fruit", "word", "name"),
    ]
