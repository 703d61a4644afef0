"""Runs PostgreSQL in a user namespace: it sees an ordinary user, while the kernel checks files against root."""

import os

from adapters.embedded.accounts import Account
from adapters.embedded.mount_namespace import ENTRY
from adapters.embedded.runner import Runner


def user_namespace_runner() -> Runner:
    """Reaches every path. But users who can run programs through the database (COPY … TO PROGRAM) can write files as
    root, so it is used only if TINTYPE_USER_NAMESPACE is set. Needs CAP_SETFCAP."""
    return Runner(owner=Account.of(os.geteuid()), prefix=(*ENTRY, "user"))
