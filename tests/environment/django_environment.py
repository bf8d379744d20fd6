"""Builds the cached virtual environment of one Django version, and prints the path of its Python.

    python3 django_environment.py 5.2
"""

import sys

import cache

# The one of corpora.toml: what it writes in front of a negative number differs between its releases.
PSYCOPG = "3.3.9"
# Django's own table of Python versions: 4.2 runs on 3.8 to 3.12, 5.2 on 3.10 to 3.14, 6.0 on 3.12 to 3.14.
VERSIONS = {
    "4.2": ("4.2.30", (3, 8), (3, 13)),
    "5.2": ("5.2.19", (3, 10), (3, 15)),
    "6.0": ("6.0.10", (3, 12), (3, 15)),
}


def environment(series):
    version, at_least, below = VERSIONS[series]
    target = cache.folder() / "django" / f"{version}-psycopg-{PSYCOPG}"
    with cache.being_built(target) as scratch:
        if scratch:
            interpreter = cache.python(at_least, below)
            cache.run([interpreter, "-m", "venv", "--without-pip", scratch], f"making the environment of Django {version}")
            cache.install(scratch / "bin" / "python", [f"django=={version}", f"psycopg[binary]=={PSYCOPG}"])
    return target / "bin" / "python"


if __name__ == "__main__":
    try:
        print(environment(sys.argv[1]))
    except cache.Missing as missing:
        sys.exit(f"no environment with Django {sys.argv[1]}: {missing}")
