"""A real pgbouncer in transaction mode before a database, where the program is installed."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

SERVER_CONNECTIONS = 3
"""Sessions with the server, far fewer than clients."""

_SETTINGS = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = {connections}
max_client_conn = 200
"""


def _version(path: str) -> str:
    return subprocess.run([path, "-V"], check=True, capture_output=True, text=True).stdout


def program() -> str | None:
    """The path of a pgbouncer that keeps prepared statements in transaction mode, which begins with 1.21."""
    path = shutil.which("pgbouncer")
    if path is None:
        return None
    found = re.search(r"PgBouncer (\d+)\.(\d+)", _version(path))
    return path if found and (int(found[1]), int(found[2])) >= (1, 21) else None


@contextmanager
def pgbouncer(url: str, folder: Path) -> Iterator[str]:
    """The address of the database at `url` through pgbouncer. `folder` is empty."""
    parts = urlsplit(url)
    socket_folder = dict(parse_qsl(parts.query)).get("host")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = f"host={socket_folder}" if socket_folder else f"host={parts.hostname} port={parts.port or 5432}"
    user = parts.username or "postgres"
    (folder / "users").write_text(f'"{user}" "{parts.password or ""}"\n')
    settings = folder / "pgbouncer.ini"
    settings.write_text(_SETTINGS.format(server=server, port=port, folder=folder, connections=SERVER_CONNECTIONS))
    # Not root, and able to enter the folder of the server's socket.
    owner = Path(socket_folder).stat().st_uid if socket_folder else 65_534
    is_root = os.getuid() == 0
    if is_root:
        os.chown(folder, owner, -1)
    process = subprocess.Popen([str(program()), "-q", str(settings)], user=owner if is_root else None)
    try:
        _wait_for(port, process, folder / "log")
        yield f"postgresql://{user}@127.0.0.1:{port}{parts.path}"
    finally:
        process.kill()  # SIGTERM would wait for all clients
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert process.poll() is None, log.read_text() if log.exists() else "pgbouncer ended"
            time.sleep(0.05)
        else:
            return
    raise AssertionError("pgbouncer does not listen")
