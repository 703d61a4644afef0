"""Runs PostgreSQL in a mount namespace, as an account that cannot traverse the path to the data folder outside it."""

import sys
from pathlib import Path

from adapters.embedded.accounts import Account
from adapters.embedded.runner import Runner, as_account

ENTRY = (sys.executable, "-I", "-S", Path(__file__).with_name("namespace_entry.py"))


def mount_namespace_runner(account: Account, folder: Path) -> Runner | None:
    """Hides the topmost closed folder and shows only `folder` in it, for the server's processes alone. Other processes
    are not affected, and the server cannot read root's other files in the closed folder. Needs CAP_SYS_ADMIN."""
    closed = as_account(account).first_closed_folder(folder)
    if not closed:
        return None
    return Runner(owner=account, prefix=(*ENTRY, "mount", str(account.uid), str(account.gid), closed, folder))
