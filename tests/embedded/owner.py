"""A program that joins the server of a home, says its address, and leaves when its input ends. Run by the tests.

With a second argument it becomes that user first: here, since a user without rights may not reach root's Python.
"""

import os
import pwd
import sys
from pathlib import Path

from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable


def main(home: Path) -> int:
    postgres = EmbeddedPostgres(home, say=lambda _: None)
    try:
        print(postgres.join(), flush=True)
    except EmbeddedUnavailable as error:
        print(error.detail, flush=True)
        return 1
    sys.stdin.read()
    postgres.leave()
    return 0


def become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    if sys.argv[2:]:
        become(sys.argv[2])
    sys.exit(main(Path(sys.argv[1])))
