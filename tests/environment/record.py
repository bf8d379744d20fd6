"""Runs the real `migrate` and records every statement of the schema editor as it was executed.

    python record.py --settings shop.settings --path project --socket /tmp/x --database test_0 [app ...]

prints a list in the order of execution, one element per migration that ran:

    {"app", "name", "atomic", "direction": "forwards" | "backwards",
     "irreversible", "failed",
     "operations": [{"index", "operation", "statements": [..], "through_cursor": [..], "sent": [..]}],
     "deferred": [{"operation", "statement"}]}

`statements` and `deferred` are whole texts as the server received them, parameters merged in. A deferred statement ran at
the end of the migration, and names the index of the operation that queued it (null: none did).
With --there-and-back each migration is rolled back as soon as it ran, and runs again: three elements of the list; with --to-zero all
are rolled back at the end, the last first. `irreversible` says that Django refused (then nothing ran), `failed` why a rollback did not go through, as
the server or Django said at the last operation: all of it was taken back.
`through_cursor` holds DDL that went round the schema editor; what only reads or writes rows is left out. `sent` is both, in order.
PYTHONHASHSEED=0 has to be set: the order of some deferred statements follows the hash seed.
"""

import contextlib
import re

import boot

DDL = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(create|alter|drop|truncate|comment|grant|revoke|do|set\s+constraints|reindex|refresh)\b",
    re.IGNORECASE | re.DOTALL,
)


class Recorder:
    """What ran so far, and which operation of which migration is running."""

    def __init__(self):
        self.migrations = []
        # Each migration that ran, with the state before it.
        self.states = []
        self.current = None
        self.operation = None
        # By identity; the statement is kept beside the index, so that its identity is not given to another.
        self.queued_by = {}
        self.in_editor = False

    def executed(self, statement, deferred_of):
        if self.operation is not None:
            self.operation["statements"].append(statement)
            self.operation["sent"].append(statement)
        elif self.current is not None:
            self.current["deferred"].append({"operation": deferred_of, "statement": statement})

    def through_cursor(self, statement):
        if not self.in_editor and self.operation is not None and DDL.match(statement):
            self.operation["through_cursor"].append(statement)
            self.operation["sent"].append(statement)

    @contextlib.contextmanager
    def migration(self, migration, direction="forwards"):
        self.current = {
            "app": migration.app_label,
            "name": migration.name,
            "atomic": migration.atomic,
            "direction": direction,
            "irreversible": False,
            "failed": None,
            "operations": [],
            "deferred": [],
        }
        self.queued_by = {}
        watched = list(migration.operations)
        for index, operation in enumerate(watched):
            setattr(operation, f"database_{direction}", self.watch(index, operation, direction))
        try:
            yield
            self.migrations.append(self.current)
        finally:
            self.current = None
            for operation in watched:
                operation.__dict__.pop(f"database_{direction}", None)

    def watch(self, index, operation, direction):
        run = getattr(operation, f"database_{direction}")

        def watched(app_label, schema_editor, from_state, to_state):
            record = {
                "index": index,
                "operation": type(operation).__name__,
                "statements": [],
                "through_cursor": [],
                "sent": [],
            }
            self.current["operations"].append(record)
            outer, self.operation = self.operation, record
            try:
                return run(app_label, schema_editor, from_state, to_state)
            finally:
                self.operation = outer
                for statement in schema_editor.deferred_sql:
                    self.queued_by.setdefault(id(statement), (statement, index))

        return watched


def take_back(connection):
    """Ends a transaction that the schema editor left open: it does so when a deferred statement fails."""
    if connection.in_atomic_block:
        connection.in_atomic_block = connection.needs_rollback = False
        connection.savepoint_ids.clear()
        connection.atomic_blocks.clear()
        connection.close()


def unrendered(state):
    """A copy without models: those of a process that has gone on for long hold tables between models that are gone."""
    copy = state.clone()
    copy.__dict__.pop("apps", None)
    return copy


def install(recorder, keep_states=False, there_and_back=False, go_on=False):
    """Hooks the recorder into Django: the editor's `execute` and the executor's `apply_migration`."""
    from django.db import connection
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.exceptions import IrreversibleError
    from django.db.migrations.executor import MigrationExecutor

    editor = connection.SchemaEditorClass
    outer_execute, inner_execute = editor.execute, BaseDatabaseSchemaEditor.execute
    apply_migration = MigrationExecutor.apply_migration
    origin = []

    def outer(self, sql, params=()):
        # What is queued is an object, and becomes text on the way down.
        origin.append(recorder.queued_by.get(id(sql), (sql, None))[1])
        try:
            return outer_execute(self, sql, params)
        finally:
            origin.pop()

    def inner(self, sql, params=()):
        statement = str(sql)
        if params:
            statement = self.connection.ops.compose_sql(statement, params)
        elif params is not None:
            statement = statement % ()
        recorder.executed(statement, origin[-1] if origin else None)
        recorder.in_editor = True
        try:
            return inner_execute(self, sql, params)
        finally:
            recorder.in_editor = False

    def apply(self, state, migration, fake=False, fake_initial=False):
        # A clone renders every model again: only what is rolled back pays for it.
        before = unrendered(state) if keep_states else None
        with recorder.migration(migration):
            try:
                state = apply_migration(self, state, migration, fake=fake, fake_initial=fake_initial)
            except Exception as error:
                if not go_on:
                    raise
                recorder.operation = None
                recorder.current["failed"] = f"{type(error).__name__}: {error}"
                take_back(self.connection)
                return migration.mutate_state(before, preserve=False)
        recorder.states.append((migration, before))
        if there_and_back and unapply(self, unrendered(before), migration):
            with recorder.migration(migration):
                state = apply_migration(self, unrendered(before), migration, fake=fake, fake_initial=fake_initial)
        return state

    def unapply(self, before, migration):
        with recorder.migration(migration, "backwards"):
            try:
                MigrationExecutor.unapply_migration(self, before, migration)
            except IrreversibleError:
                recorder.current["irreversible"] = True
            except Exception as error:
                if not migration.atomic:
                    raise
                recorder.current["failed"] = str(error)
                take_back(self.connection)
            return not recorder.current["irreversible"] and recorder.current["failed"] is None

    def wrapper(execute, sql, params, many, context):
        statement = str(sql)
        if DDL.match(statement) and params and not many:
            statement = connection.ops.compose_sql(statement, params)
        recorder.through_cursor(statement)
        return execute(sql, params, many, context)

    BaseDatabaseSchemaEditor.execute = inner
    editor.execute = outer
    MigrationExecutor.apply_migration = apply
    connection.execute_wrappers.append(wrapper)

    def uninstall():
        BaseDatabaseSchemaEditor.execute = inner_execute
        editor.execute = outer_execute
        MigrationExecutor.apply_migration = apply_migration
        connection.execute_wrappers.remove(wrapper)

    def to_zero():
        executor = MigrationExecutor(connection)
        for migration, before in reversed(recorder.states):
            if not unapply(executor, unrendered(before), migration):
                break

    return to_zero, uninstall


def main():
    parser = boot.arguments(__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*", help="migrate only these apps and what they depend on")
    parser.add_argument("--there-and-back", action="store_true", help="roll each migration back and run it again")
    parser.add_argument("--go-on", action="store_true", help="go on after a migration that fails, as though it had run")
    parser.add_argument("--to-zero", action="store_true", help="roll all migrations back at the end")
    options = parser.parse_args()
    give = boot.answering()
    boot.boot(options)
    from django.core.management import call_command

    recorder = Recorder()
    keep_states = options.there_and_back or options.to_zero or options.go_on
    to_zero, _ = install(recorder, keep_states, options.there_and_back, options.go_on)
    for target in options.apps or [None]:
        chosen = [target] if target else []
        call_command("migrate", *chosen, verbosity=0, interactive=False, skip_checks=True)
    if options.to_zero:
        to_zero()
    give(recorder.migrations)


if __name__ == "__main__":
    main()
