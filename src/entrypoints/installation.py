"""Where this program lies: in a checkout, or as an installed package."""

from pathlib import Path

SRC = Path(__file__).resolve().parents[1]
"""The folder of our packages: a checkout's `src`, or the environment's `site-packages`."""

CHECKOUT = SRC.parent if (SRC.parent / "pyproject.toml").is_file() else None
"""None in an installed program."""


def version() -> str:
    """The release's number, as pyproject.toml has it; an installed package keeps that in its metadata."""
    if CHECKOUT is None:
        from importlib.metadata import version as installed

        return installed("tintype")
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def default_home() -> Path:
    """A checkout keeps its data with it; an installed program in the platform's folder for the user's data."""
    if CHECKOUT is None:
        from platformdirs import user_data_path

        return user_data_path("tintype", appauthor=False)
    return CHECKOUT / "var"
