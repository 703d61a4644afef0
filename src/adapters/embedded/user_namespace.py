"""Running in a user namespace: PostgreSQL sees an ordinary user, while the kernel checks files against root."""

import os

from adapters.embedded.accounts import Account
from adapters.embedded.mount_namespace import ENTRY
from adapters.embedded.runner import Runner


def user_namespace_runner() -> Runner:
    """Reaches every path, but whoever may run programs through the database (COPY … TO PROGRAM) writes files as root.
    So only TINTYPE_USER_NAMESPACE asks for it. Needs CAP_SETFCAP."""
    return Runner(owner=Account.of(os.geteuid()), prefix=(*ENTRY, "user"))
