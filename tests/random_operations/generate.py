"""Makes up migrations that Django and the server accept, and records what Django executes for them.

    python generate.py --socket /tmp/x --database test_0 --out folder [--settings settings] seed ...

For each seed it writes the migrations below folder/<seed> (three apps, one chain of dependencies) and prints what ran, a list by
seed of what `record.py` prints: each migration forwards, backwards and forwards again, and in the end all of them backwards.
The same seed gives the same migrations with the same release of Django.
"""

import random
import sys
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "environment"))

import boot
import record

def settings():
    module = types.ModuleType("random_settings")
    module.SECRET_KEY = "not a secret"
    module.USE_TZ = True
    module.DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    module.INSTALLED_APPS = ["django.contrib.postgres"]
    module.DATABASES = {}
    sys.modules[module.__name__] = module
    return module.__name__


class Project:
    """The migrations of one seed, applied one by one."""

    def __init__(self, seed, folder, recorder):
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor
        from django.db.migrations.state import ProjectState

        self.random = random.Random(seed)
        self.folder = folder
        self.recorder = recorder
        self.connection = connection
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.executor = MigrationExecutor(connection)
        self.executor.recorder.ensure_schema()
        self.state = ProjectState()
        self.last = None
        self.number = 0

    def try_migration(self, app_label, operations, atomic=True):
        """Applies operations as a migration of their own; False when Django or the server refuse them."""
        from django.db.migrations import Migration
        from django.db.migrations.writer import MigrationWriter

        kept, state = [], self.state.clone()
        for operation in operations:
            attempt = record.unrendered(state)
            try:
                operation.state_forwards(app_label, attempt)
                attempt.apps
            except Exception:
                continue
            state = attempt
            kept.append(operation)
        if not kept:
            return False
        self.number += 1
        migration = Migration(f"{self.number:04}_step", app_label)
        migration.atomic = atomic
        migration.operations = kept
        migration.dependencies = [self.last] if self.last else []
        file = self.folder / app_label / "migrations" / f"{migration.name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        for package in (file.parent, file.parent.parent):
            (package / "__init__.py").touch()
        try:
            text = MigrationWriter(migration, include_header=False).as_string()
        except ValueError:
            return False
        if not atomic:
            text = text.rstrip("\n") + "\n    atomic = False\n"
        before = self.state.clone()
        before.apps
        recorded = len(self.recorder.migrations)
        try:
            self.state = self.executor.apply_migration(before, migration)
        except Exception as error:
            if not atomic:
                raise Stop(str(error)) from error
            record.take_back(self.connection)
            if len(self.recorder.migrations) > recorded:
                # Rolled back, it does not run again.
                file.write_text(text)
            return False
        file.write_text(text)
        self.last = (app_label, migration.name)
        return True


class Stop(Exception):
    """What cannot be taken back failed."""


def main():
    parser = boot.arguments(__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("seeds", nargs="+", type=int)
    options = parser.parse_args([*sys.argv[1:], "--settings", settings()])
    give = boot.answering()
    boot.boot(options)
    from operations import Operations

    answers = []
    for seed in options.seeds:
        recorder = record.Recorder()
        to_zero, uninstall = record.install(recorder, keep_states=True, there_and_back=True)
        project = Project(seed, options.out / str(seed), recorder)
        made = Operations(project)
        try:
            made.extensions()
            for _ in range(options.steps):
                made.step()
            to_zero()
        except Stop:
            pass
        finally:
            uninstall()
        answers.append(recorder.migrations)
    give(answers)


if __name__ == "__main__":
    main()
