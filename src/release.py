"""The version of this program. A development version is that of the next release."""

RELEASE = "0.2.0"


def order(release: str) -> tuple[int, ...]:
    """Return a key that sorts releases. Raises `ValueError` for anything but numbers with dots."""
    return tuple(map(int, release.split(".")))
