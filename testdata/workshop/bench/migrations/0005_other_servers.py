import logging

from django.db import connection, migrations, models

logger = logging.getLogger(__name__)


class Migration(migrations.Migration):
    dependencies = [("bench", "0004_constructed")]
    operations = [migrations.AddField("maker", "rowid", models.IntegerField(null=True))]

    def apply(self, project_state, schema_editor, collect_sql=False):
        if connection.vendor == "sqlite":
            return super().apply(project_state, schema_editor, collect_sql)
        logger.info("nothing to do on this server")
        return project_state
