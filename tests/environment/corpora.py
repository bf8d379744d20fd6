"""The packages of corpora.toml in the cache: installed, with a settings module, and migrated by real Django.

Each is a folder `corpora/<name>/` with `site-packages/`, `settings.py` and `corpus.json`:

    {"name", "lint": [paths below site-packages], "migrations": <how many files the linted folders have>}
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import cache

HERE = Path(__file__).resolve().parent
BEFORE = '''"""Settings of a corpus, as far as setup and migrate need them."""

SECRET_KEY = "corpus"
USE_TZ = True
ROOT_URLCONF = "urls"
STATIC_URL = "/static/"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "corpus"}}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
'''


def every():
    return tomllib.loads((HERE / "corpora.toml").read_text())


def interpreter():
    """All packages are installed for one version of Python, whose binary wheels they hold."""
    return cache.python((3, 12), (3, 13))


def install(listed, corpus):
    """The folder of a corpus; quick when it is there."""
    target = cache.folder() / "corpora" / corpus["name"]
    with cache.being_built(target) as scratch:
        if scratch:
            packages = [*corpus["requirements"], f"django=={listed['django']}", f"psycopg[binary]=={listed['psycopg']}"]
            cache.install(interpreter(), packages, "--target", scratch / "site-packages")
    # Compared every time, so that a change of corpora.toml needs no new installation.
    manifest = {"name": corpus["name"], "lint": corpus["lint"], "migrations": on_disk(target, corpus)}
    files = {
        "settings.py": BEFORE + corpus["settings"],
        "urls.py": "urlpatterns = []\n",
        "corpus.json": json.dumps(manifest, indent=1) + "\n",
        **corpus.get("files", {}),
    }
    for name, text in files.items():
        place = target / name
        if not place.exists() or place.read_text() != text:
            # Another test may be reading: it sees the old text or the new one, never half of it.
            written = target / f".{name}.{os.getpid()}"
            written.write_text(text)
            written.rename(place)
    return target


def on_disk(target, corpus):
    """How many migration files the linted folders have."""
    roots = [target / "site-packages" / path for path in corpus["lint"]]
    files = [file for root in roots for file in root.rglob("migrations/*.py")]
    return sum(1 for file in files if file.name != "__init__.py" and "project_template" not in file.parts)


class Server:
    """A throw-away server, held for as long as the block runs."""

    def __enter__(self):
        command = [sys.executable, str(HERE / "serve.py"), "18"]
        self.keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        answer = self.keeper.stdout.readline()
        if not answer.startswith("ready "):
            raise cache.Missing(answer)
        self.socket = answer.split()[1]
        return self

    def __exit__(self, *_):
        self.keeper.stdin.close()
        self.keeper.wait()

    def create_database(self, python, paths, name):
        program = (
            "import psycopg, sys; "
            "psycopg.connect(host=sys.argv[1], user='postgres', autocommit=True).execute(f'CREATE DATABASE \"{sys.argv[2]}\"')"
        )
        environment = {"PYTHONPATH": str(paths[0])}
        cache.run([python, "-c", program, self.socket, name], f"creating the database {name}", env=environment)


def migrated(server, folder):
    """Real `migrate` on a fresh database; what the recorder saw."""
    paths = [folder / "site-packages", folder]
    database = folder.name.replace("-", "_")
    server.create_database(interpreter(), paths, database)
    command = [interpreter(), HERE / "record.py", "--settings", "settings", "--socket", server.socket]
    command += ["--database", database, "--path", paths[0], "--path", paths[1]]
    environment = {"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    return json.loads(cache.run(command, f"migrating {folder.name}", env=environment))
