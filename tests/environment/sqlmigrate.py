"""Prints what the real `sqlmigrate` prints of every migration, each time with the database at the state before it.

    python sqlmigrate.py --settings shop.settings --path project --socket /tmp/x --database test_0 [app ...]

prints a list in the order of the plan: {"app", "name", "forwards", "backwards"}; `backwards` is null for a migration that
cannot be rolled back.
"""

import io

import boot


def printed(app, name, *options):
    from django.core.management import call_command

    out = io.StringIO()
    call_command("sqlmigrate", app, name, *options, stdout=out, no_color=True)
    return out.getvalue()


def main():
    parser = boot.arguments(__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*", help="only these apps and what they depend on")
    options = parser.parse_args()
    give = boot.answering()
    boot.boot(options)
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.exceptions import IrreversibleError
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    targets = [leaf for app in options.apps or [None] for leaf in graph.leaf_nodes(app)]
    plan = executor.migration_plan(targets)
    told = []
    for migration, _ in plan:
        key = migration.app_label, migration.name
        one = {"app": key[0], "name": key[1], "forwards": printed(*key)}
        call_command("migrate", *key, verbosity=0, interactive=False, skip_checks=True)
        try:
            one["backwards"] = printed(*key, "--backwards")
        except IrreversibleError:
            one["backwards"] = None
        told.append(one)
    give(told)


if __name__ == "__main__":
    main()
