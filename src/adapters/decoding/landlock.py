"""Denies opening files and network connections (Landlock, Linux 5.13 and later)."""

import ctypes
import os
import struct

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
_FILES = {1: 13, 2: 14, 3: 15, 4: 15}
_FILES_LATEST = 16
"""The number of file access rights in each version of the interface."""


def forbid_files() -> bool:
    """Apply the restriction to this process and its children. Returns False if the kernel does not support it."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    version = call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    files = (1 << _FILES.get(version, _FILES_LATEST)) - 1
    connections = 3 if version >= 4 else 0  # noqa: PLR2004 — bind and connect
    scopes = 3 if version >= 6 else 0  # noqa: PLR2004 — abstract sockets and signals
    attributes = struct.pack("=QQQ", files, connections, scopes)
    ruleset = call(_CREATE_RULESET, attributes, len(attributes) if version >= 6 else 16 if version >= 4 else 8, 0)  # noqa: PLR2004
    if ruleset < 0:
        return False
    try:
        return bool(call(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
