"""Runs one of Django's management commands for a project, on a database of a throw-away server.

    python manage.py --settings shop.settings --path project --socket /tmp/x --database test_0 migrate shop 0001
"""

import argparse

import boot


def main():
    parser = boot.arguments(__doc__)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    boot.boot(options)

    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *options.command])


if __name__ == "__main__":
    main()
