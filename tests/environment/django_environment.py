"""Builds the cached virtual environment of one Django version, and prints the path of its Python.

    python3 django_environment.py 5.2
"""

import sys

import cache

PSYCOPG = "psycopg[binary]==3.2.13"
# Django's own table of Python versions: 4.2 runs on 3.8 to 3.12, 5.2 on 3.10 to 3.14, 6.0 on 3.12 to 3.14.
VERSIONS = {
    "4.2": ("4.2.30", (3, 8), (3, 13)),
    "5.2": ("5.2.19", (3, 10), (3, 15)),
    "6.0": ("6.0.10", (3, 12), (3, 15)),
}


def environment(series):
    version, at_least, below = VERSIONS[series]
    target = cache.folder() / "django" / version
    with cache.being_built(target) as scratch:
        if scratch:
            interpreter = cache.python(at_least, below)
            cache.run([interpreter, "-m", "venv", "--without-pip", scratch], f"making the environment of Django {version}")
            cache.install(scratch / "bin" / "python", [f"django=={version}", PSYCOPG])
    return target / "bin" / "python"


if __name__ == "__main__":
    try:
        print(environment(sys.argv[1]))
    except cache.Missing as missing:
        sys.exit(f"no environment with Django {sys.argv[1]}: {missing}")
