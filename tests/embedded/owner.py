"""A program that joins the server of a home, prints its address, and leaves at the end of its input. Run by the tests.

With --user it becomes that user first: here, since an unprivileged user may not read root's Python.
"""

import argparse
import os
import pwd
import sys
from pathlib import Path

from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable


def main(home: Path, *, user_namespace: bool) -> int:
    postgres = EmbeddedPostgres(home, report=_print_message, user_namespace=user_namespace)
    try:
        print(postgres.join(), flush=True)
    except EmbeddedUnavailable as error:
        print(error.detail, flush=True)
        return 1
    sys.stdin.read()
    postgres.leave()
    return 0


def _print_message(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--user")
    parser.add_argument("--user-namespace", action="store_true")
    chosen = parser.parse_args()
    if chosen.user:
        become(chosen.user)
    sys.exit(main(chosen.home, user_namespace=chosen.user_namespace))
