"""Where what comes from package registries is kept, and how it is fetched once.

The folder is `$HHSCHEMA_CACHE`, or `.cache` at the root of the repository (ignored by git).
"""

import contextlib
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """Something that this machine lacks; the text says what it is and how to get it."""


def folder():
    chosen = os.environ.get("HHSCHEMA_CACHE")
    return Path(chosen).resolve() if chosen else REPOSITORY / ".cache"


@contextlib.contextmanager
def being_built(target):
    """Yields a scratch folder that becomes `target`, or None when `target` is there already.

    Several test binaries may ask at once: a lock lets one of them build, and the rename at the end
    makes an interrupted build invisible.
    """
    if target.is_dir():
        yield None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / f".{target.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            yield None
            return
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        scratch.chmod(0o755)
        try:
            yield scratch
            scratch.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def run(command, what, **options):
    """Runs a command quietly; `what` says in a failure what it was needed for."""
    try:
        done = subprocess.run(
            [str(part) for part in command], text=True, capture_output=True, stdin=subprocess.DEVNULL, **options
        )
    except FileNotFoundError as error:
        raise Missing(f"{what}: `{command[0]}` is not on this machine; scripts/test installs it") from error
    if done.returncode != 0:
        printed = (done.stdout + done.stderr).strip()[-3000:]
        shown = " ".join(str(part) for part in command)
        raise Missing(f"{what}: `{shown}` ended with {done.returncode}\n{printed}")
    return done.stdout


def python(at_least, below=(3, 15)):
    """The path of the newest Python interpreter on this machine with at_least <= version < below."""
    wanted = ".".join(map(str, at_least))
    usable = _interpreters(at_least, below)
    if not usable:
        # Works where uv's own builds of Python can be downloaded.
        subprocess.run([uv(), "python", "install", "--quiet", wanted], capture_output=True)
        usable = _interpreters(at_least, below)
    if not usable:
        raise Missing(
            f"Python {wanted} or newer is not on this machine (looked on PATH, in pyenv's and in uv's folders), and "
            f"`uv python install {wanted}` cannot fetch it: install it, for example with `pyenv install {wanted}`"
        )
    return usable[max(usable)]


def _interpreters(at_least, below):
    candidates = [sys.executable]
    for minor in range(below[1] - 1, at_least[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        candidates += [found] if found else []
    for root in (os.environ.get("PYENV_ROOT", "~/.pyenv") + "/versions/*/bin", "~/.local/share/uv/python/*/bin"):
        found = sorted(glob.glob(os.path.expanduser(root) + "/python3.[0-9]*"))
        candidates += [path for path in found if re.search(r"/python3\.\d+$", path)]
    usable = {}
    for candidate in candidates:
        version = _version_of(candidate)
        if version and tuple(at_least) <= version < tuple(below):
            usable.setdefault(version, candidate)
    return usable


def _version_of(interpreter):
    program = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", program], text=True, capture_output=True)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None


def uv():
    """The path of `uv`, which builds environments in seconds; fetched from the Python registry."""
    target = folder() / "uv-venv"
    with being_built(target) as scratch:
        if scratch:
            run([sys.executable, "-m", "venv", scratch], "making the environment that uv lives in")
            pip = [scratch / "bin" / "python", "-m", "pip", "install", "--quiet", "uv==0.13.8"]
            run(pip, "fetching uv from the Python registry")
    return target / "bin" / "uv"


def install(interpreter, requirements, *where):
    """Installs packages with uv, either `--python <venv>` alone or into a folder with `--target`."""
    environment = dict(os.environ, UV_CACHE_DIR=str(folder() / "uv-packages"), UV_PYTHON_DOWNLOADS="never")
    command = [uv(), "pip", "install", "--quiet", "--python", interpreter, *where, *requirements]
    run(command, f"installing {' '.join(requirements)} from the Python registry", env=environment)
