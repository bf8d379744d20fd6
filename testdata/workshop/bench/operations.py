"""Operations that decide when they run."""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class DeleteModelIfThere(migrations.DeleteModel):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.name)
        if model._meta.db_table in schema_editor.connection.introspection.table_names():
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class CreateVise(Operation):
    """Creates the table where an older app has not left it."""

    reversible = False
    create = migrations.CreateModel(
        name="Vise",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("part", models.ForeignKey("bench.Part", on_delete=models.CASCADE)),
        ],
        options={"db_table": "old_bench_vise"},
    )

    def state_forwards(self, app_label, state):
        self.create.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if "old_bench_vise" not in schema_editor.connection.introspection.table_names():
            to_state = from_state.clone()
            self.create.state_forwards(app_label, to_state)
            self.create.database_forwards(app_label, schema_editor, from_state, to_state)
