from django.db import models


class Sailor(models.Model):
    name = models.CharField(max_length=100)
    ship = models.ForeignKey("harbour.Ship", models.SET_NULL, null=True)
    rank = models.SmallIntegerField(db_column="Rank's\nnumber", db_index=True)
    email = models.EmailField(blank=True, default="")
    group = models.CharField(max_length=7, db_column="group")

    class Meta:
        db_table = "crew's sailors -- ünïcödé and as many bytes as one may have"
        indexes = [models.Index(fields=["group"], name="select")]
        constraints = [models.CheckConstraint(condition=models.Q(rank__gte=0), name="ränk isn't\nnegative")]
