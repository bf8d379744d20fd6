from django.db import models


class Stamped(models.Model):
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, null=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["made_at"], name="%(app_label)s_%(class)s_made")]
        constraints = [
            models.UniqueConstraint(fields=["made_at", "changed_at"], name="%(class)s_times"),
        ]


class Gardener(Stamped):
    mail = models.EmailField(unique=True)
    nick = models.SlugField()
    site = models.URLField(blank=True)


class Apprentice(Gardener):
    teacher = models.ForeignKey("self", models.SET_NULL, null=True)
    note = models.TextField(db_column="remark", default="")

    class Meta(Stamped.Meta):
        abstract = False
        indexes = []
        constraints = []
        ordering = ["note"]


class Helper(Gardener):
    class Meta:
        proxy = True
