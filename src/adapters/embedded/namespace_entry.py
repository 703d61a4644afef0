"""Enters a new namespace and then executes another program. A script, never imported (ADR 29):

    python -I -S namespace_entry.py mount UID GID CLOSED FOLDER PROGRAM ARGUMENT…

    python -I -S namespace_entry.py user PROGRAM ARGUMENT…

It runs in a child process, because a whole process enters a namespace, and because Python code between fork and exec
can hang in a process with threads. It uses no package, and not `os.unshare`, which Python 3.11 lacks.
"""

import ctypes
import os
import sys
from pathlib import Path

# From linux/sched.h and linux/mount.h, the same on every architecture.
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_BIND, MS_REC, MS_SLAVE = 0x1000, 0x4000, 0x80000

_FALLBACK_UID = 1000  # any number except 0: only initdb looks it up, for a name
_libc = ctypes.CDLL(None, use_errno=True)


def enter_mount_namespace(uid: int, gid: int, closed: Path, folder: Path) -> None:
    """Hide everything in `closed` except `folder`, for this process only, and become `uid`."""
    _unshare(CLONE_NEWNS)
    # First, because the next mounts would otherwise apply to all processes. A slave mount still receives unmounts: a
    # private copy would keep other disks in use as long as the server runs.
    _mount("none", "/", flags=MS_REC | MS_SLAVE)
    os.chdir(folder)  # its path will be hidden
    _mount("tmpfs", closed, kind="tmpfs", flags=MS_NOSUID | MS_NODEV | MS_NOEXEC, options="mode=0711")
    for parent in reversed([folder, *folder.parents]):
        if closed in parent.parents:
            parent.mkdir()
            parent.chmod(0o711)
    _mount(".", folder, flags=MS_BIND | MS_REC)
    os.chdir("/")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def enter_user_namespace() -> None:
    """Map root to an ordinary user's number. Outside the namespace, and so for files, the process remains root."""
    uid, gid = os.geteuid(), os.getegid()
    inside = _listed_user()
    _unshare(CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1", encoding="ascii")


def _listed_user() -> int:
    """The number of an account with a name, since initdb looks up its user."""
    import pwd

    return next((user.pw_uid for user in pwd.getpwall() if user.pw_uid != 0), _FALLBACK_UID)


def _unshare(flags: int) -> None:
    if _libc.unshare(flags) != 0:
        raise _error("unshare")


def _mount(source: str, target: str | Path, *, flags: int, kind: str = "", options: str = "") -> None:
    arguments = [os.fsencode(text) or None for text in (source, target, kind)]
    if _libc.mount(*arguments, ctypes.c_ulong(flags), os.fsencode(options) or None) != 0:
        raise _error(f"mount on {target}")


def _error(action: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{action}: {os.strerror(number)}")


def main(kind: str, *arguments: str) -> None:
    if kind == "mount":
        uid, gid, closed, folder, *program = arguments
        enter_mount_namespace(int(uid), int(gid), Path(closed), Path(folder))
    else:
        program = list(arguments)
        enter_user_namespace()
    os.execv(program[0], program)  # noqa: S606  (what the caller names, and no shell)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"namespace_entry: error: {error.strerror}")
