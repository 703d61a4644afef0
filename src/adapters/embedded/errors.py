"""The error of the embedded server, and advice for common reasons of the operating system."""

from domain.errors import Unavailable

_ADVICE = {
    "no space left": "Free some space on this disk and start again.",
    "disk quota": "Free some space on this disk and start again.",
    "read-only file system": "Set TINTYPE_HOME to a writable folder.",
    "permission denied": "Give this user write permission, or set TINTYPE_HOME to a writable folder.",
    "operation not permitted": "Run the command as the user who owns this path, or set TINTYPE_HOME to another folder.",
    "not a directory": "Set TINTYPE_HOME to a folder, or move the file away.",
    "file exists": "Set TINTYPE_HOME to a folder, or move the file away.",
    "could not create shared memory": "Close other programs, or give this machine more memory, and start again.",
    "could not map anonymous shared memory": "Close other programs, or give this machine more memory, and start again.",
}


class EmbeddedUnavailable(Unavailable):
    """The embedded server cannot be used. `detail` is for the operator: the problem and its remedy."""


def advice(reason: str, otherwise: str) -> str:
    """The remedy for `reason`, a message of the operating system or of PostgreSQL."""
    return next((remedy for sign, remedy in _ADVICE.items() if sign in reason.lower()), otherwise)
