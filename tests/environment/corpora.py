"""The packages of corpora.toml and more_corpora.toml in the cache: installed, with a settings module, and migrated by real Django.

Each is a folder `corpora/<name>/` with `site-packages/`, `settings.py` and `corpus.json`:

    {"name", "lint": [paths below site-packages], "migrations": <how many files the linted folders have>}

With another Django than the default one the folder is `corpora/<name>-django-4.2/`.
"""

import json
import os
import re
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


def compared():
    """All packages, those of more_corpora.toml included, each with the releases of Django that it is compared on."""
    listed = every()
    more = tomllib.loads((HERE / "more_corpora.toml").read_text())
    known = {corpus["name"]: dict(corpus, django=[listed["django"]]) for corpus in listed["corpus"]}
    for release in more["release"]:
        corpus = known[release["name"]]
        corpus["django"] += release["django"]
        corpus["requirements_on"] = release.get("requirements_on", {})
    known |= {corpus["name"]: corpus for corpus in more["corpus"]}
    for corpus in known.values():
        corpus["django"].sort(key=lambda release: [int(part) for part in release.split(".")])
    return known


def further():
    """The packages of more_corpora.toml that are no project of this repository, each with its release of Django: the
    default one, else the newest that the package asks for."""
    default = every()["django"]
    own = {corpus["name"] for corpus in every()["corpus"]}
    chosen = [corpus for corpus in compared().values() if corpus["name"] not in own and "project" not in corpus]
    return [(corpus, default if default in corpus["django"] else corpus["django"][-1]) for corpus in chosen]


def series(release):
    """The series of a release of Django: `5.2` of `5.2.19`."""
    return ".".join(release.split(".")[:2])


def interpreter():
    """All packages are installed for one version of Python, whose binary wheels they hold."""
    return cache.python((3, 12), (3, 13))


def requirements(listed, corpus, django):
    """What is installed for a corpus on a release of Django."""
    otherwise = corpus.get("requirements_on", {}).get(series(django), [])
    replaced = {name_of(requirement) for requirement in otherwise}
    kept = [requirement for requirement in corpus["requirements"] if name_of(requirement) not in replaced]
    return [*kept, *otherwise, f"django=={django}", f"psycopg[binary]=={listed['psycopg']}"]


def name_of(requirement):
    return re.split(r"[\[=]", requirement)[0]


def install(listed, corpus, django=None):
    """The folder of a corpus; quick when it is there."""
    django = django or listed["django"]
    other = "" if django == listed["django"] else f"-django-{series(django)}"
    target = cache.folder() / "corpora" / (corpus["name"] + other)
    with cache.being_built(target) as scratch:
        if scratch:
            packages = requirements(listed, corpus, django)
            cache.install(interpreter(), packages, "--target", scratch / "site-packages")
    if "project" not in corpus:
        write_settings(target, corpus)
    return target


def write_settings(target, corpus):
    """Compared every time, so that a change of the settings needs no new installation."""
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


def on_disk(target, corpus):
    """How many migration files the linted folders have."""
    roots = [target / "site-packages" / path for path in corpus["lint"]]
    files = [file for root in roots for file in root.rglob("migrations/*.py")]
    return sum(1 for file in files if file.name != "__init__.py" and "project_template" not in file.parts)


def project_of(corpus, folder):
    """The folder of the settings module."""
    return cache.REPOSITORY / corpus["project"] if "project" in corpus else folder


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


def migrated(server, folder, project=None):
    """Real `migrate` on a fresh database; what the recorder saw."""
    paths = [folder / "site-packages", project or folder]
    database = database_of(folder)
    server.create_database(interpreter(), paths, database)
    command = [interpreter(), HERE / "record.py", "--settings", "settings", "--socket", server.socket]
    command += ["--database", database, "--path", paths[0], "--path", paths[1]]
    environment = {"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    return json.loads(cache.run(command, f"migrating {folder.name}", env=environment))


def database_of(folder):
    return folder.name.replace("-", "_").replace(".", "_")
