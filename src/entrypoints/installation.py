"""The location of this program: a checkout or an installed package."""

from pathlib import Path

SRC = Path(__file__).resolve().parents[1]
"""The folder of the packages: a checkout's `src`, or the environment's `site-packages`."""

CHECKOUT = SRC.parent if (SRC.parent / "pyproject.toml").is_file() else None
"""None for an installed package."""


def default_home() -> Path:
    """Return the default data folder: in the checkout, or the platform's folder for user data."""
    if CHECKOUT is None:
        from platformdirs import user_data_path

        return user_data_path("tintype", appauthor=False)
    return CHECKOUT / "var"
