"""Converting and installing a model, told as it goes."""

import sys
from pathlib import Path

import typer

from domain.model_source import model_source
from domain.vision import Model
from entrypoints.cli import shapes
from entrypoints.cli.desk import Desk
from entrypoints.cli.errors import FileMissing
from entrypoints.cli.samples import images_in

MOST_PHOTOGRAPHS = 64
"""To prove a conversion on; each takes 0.6 MB of memory."""


def convert_here(desk: Desk, source: Path, photographs: Path | None) -> None:
    """Convert a SavedModel and make it the current model, proved on the photographs of a folder."""
    model = desk.container.installing().convert(source, _read(photographs), say)
    tell_installed(desk, model)


async def fetch_here(desk: Desk, handle: str | None, photographs: Path | None) -> None:
    """Download the model behind an address, by default the main model, convert it and make it the current one."""
    source = model_source(handle) if handle else None
    model = await desk.container.fetching().fetch(say, _read(photographs), source)
    tell_installed(desk, model)


def tell_installed(desk: Desk, model: Model) -> None:
    desk.out.tell(shapes.model(model), f"{model} is installed; pictures that wait for it are classified by themselves.")


def _read(folder: Path | None) -> list[bytes]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise FileMissing(f"{folder}: there is no such folder")
    return [path.read_bytes() for path in images_in(folder)[:MOST_PHOTOGRAPHS]]


def say(sentence: str) -> None:
    typer.echo(f"{sentence[:1].upper()}{sentence[1:]} …", file=sys.stderr)
