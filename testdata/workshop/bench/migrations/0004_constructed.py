import os

from django.db import migrations, models


class Migration(migrations.Migration):
    """Its place in the graph depends on the files beside it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dependencies = [("bench", "0003_conditions")]
        names = sorted(os.listdir(os.path.dirname(__file__)))
        if "0000_before_all.py" in names:
            self.dependencies.insert(0, ("bench", "0000_before_all"))

    operations = [migrations.AddField("maker", "motto", models.TextField(default=""))]
