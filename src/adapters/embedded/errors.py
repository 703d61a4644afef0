"""The one error of the embedded server, and what to do about the reasons a machine gives."""

from domain.errors import Unavailable

_ADVICE = {
    "no space left": "Free some space on that disk and start again.",
    "disk quota": "Free some space on that disk and start again.",
    "read-only file system": "Set TINTYPE_HOME to a folder that can be written to.",
    "permission denied": "Make that writable for the user who runs this, or set TINTYPE_HOME to a folder that is.",
    "operation not permitted": "Run this as the ordinary user who owns that, or set TINTYPE_HOME to another folder.",
    "not a directory": "Set TINTYPE_HOME to a folder, or move the file away.",
    "file exists": "Set TINTYPE_HOME to a folder, or move the file away.",
    "could not create shared memory": "Close other programs, or give this machine more memory, and start again.",
    "could not map anonymous shared memory": "Close other programs, or give this machine more memory, and start again.",
}


class EmbeddedUnavailable(Unavailable):
    """The embedded server cannot be used. `detail` is for a person: what is wrong, and what to do."""


def advice(reason: str, otherwise: str) -> str:
    """What a person can do about `reason`, which is a message of the operating system or of PostgreSQL."""
    return next((remedy for sign, remedy in _ADVICE.items() if sign in reason.lower()), otherwise)
