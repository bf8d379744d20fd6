"""What real Django did when it migrated a package: kept in the cache, and made again only when what decides about it changes.

    python3 recordings.py wagtail@6.0 django-ca@5.2

prints a list of {"name", "django", "folder", "project", "site_packages", "lint"}, after what was missing was made. The folder holds

    recorded.json   what record.py printed
    database.sql    the migrated database, as pg_dump writes it, with the rows of django_migrations
"""

import hashlib
import json
import sys
from pathlib import Path

import cache
import clients
import corpora

# What runs inside the migrating process, and what serves it.
RECORDER = ("record.py", "boot.py")
POSTGRES = "18"


class Servers:
    """A throw-away server that is started when the first recording asks for it."""

    def __init__(self):
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *ended):
        if self.server:
            self.server.__exit__(*ended)

    def started(self):
        if self.server is None:
            self.server = corpora.Server().__enter__()
        return self.server


def recording(servers, corpus, django):
    """The folder of what was recorded for a corpus on a release of Django."""
    folder = corpora.install(corpora.every(), corpus, django)
    project = corpora.project_of(corpus, folder)
    target = cache.folder() / "recordings" / f"{corpus['name']}-django-{corpora.series(django)}" / key(folder, project)
    with cache.being_built(target) as scratch:
        if scratch:
            server = servers.started()
            recorded = corpora.migrated(server, folder, project)
            (scratch / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
            (scratch / "database.sql").write_text(dumped(server, corpora.database_of(folder)))
    return target


def key(folder, project):
    """Changes with all that decides about a recording: packages, settings, migrations of our own, the recorder."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256(f"PostgreSQL {POSTGRES}\0".encode())
    for installed in sorted(place.name for place in (folder / "site-packages").glob("*.dist-info")):
        digest.update(f"{installed}\0".encode())
    own = [place for place in project.rglob("*") if place.is_file() and is_own(place.relative_to(project))]
    for place in [*sorted(own), *(here / name for name in RECORDER)]:
        digest.update(f"{place.name}\0".encode() + place.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def is_own(place):
    """Whether a file of the project's folder is read by Django."""
    made = {"site-packages", "__pycache__"}
    return not made & set(place.parts) and place.name != "corpus.json" and not place.name.startswith(".")


def dumped(server, database):
    program = [clients.installed() / "pg_dump", "--host", server.socket, "--username", "postgres", "--dbname", database]
    schema = cache.run([*program, "--schema-only"], f"dumping {database}")
    applied = cache.run([*program, "--data-only", "--table=django_migrations"], f"dumping what {database} has applied")
    return schema + applied


def chosen(name, series):
    """A corpus by name, and the release of a series that it is compared on."""
    known = corpora.compared()
    if name not in known:
        raise cache.Missing(f"no package `{name}`; there are {', '.join(known)}")
    for release in known[name]["django"]:
        if corpora.series(release) == series:
            return known[name], release
    raise cache.Missing(f"{name} is not compared on Django {series}")


def described(servers, corpus, django):
    installed = corpora.install(corpora.every(), corpus, django)
    project = corpora.project_of(corpus, installed)
    packages = installed / "site-packages"
    return {
        "name": corpus["name"],
        "django": corpora.series(django),
        "folder": str(recording(servers, corpus, django)),
        "project": str(project),
        "site_packages": str(packages),
        "lint": [str(packages / path) for path in corpus["lint"]] or [str(project)],
    }


def main():
    with Servers() as servers:
        print(json.dumps([described(servers, *chosen(*one.split("@"))) for one in sys.argv[1:]]))


if __name__ == "__main__":
    try:
        main()
    except cache.Missing as missing:
        sys.exit(f"no recording: {missing}")
