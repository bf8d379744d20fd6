from django.contrib.postgres.operations import BtreeGistExtension, HStoreExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orchard", "0014_swapped_out")]

    operations = [
        # The yard has them already: Django looks, and sends nothing. On the way back it looks as well, and drops them.
        BtreeGistExtension(),
        HStoreExtension(),
    ]
