"""Paths as the log may contain them."""

import re

_LINK = re.compile(r"((?:/v1)?/(?:password-resets|email-proofs)/).+", re.DOTALL)


def loggable_path(path: str) -> str:
    """Return the path without the secret of a link from an e-mail, which a reader of the log could use."""
    return _LINK.sub(r"\1…", path)
