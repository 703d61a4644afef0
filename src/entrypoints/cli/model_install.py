"""Converts and installs a model, and reports progress."""

import sys
from pathlib import Path

import typer

from domain.vision import Model
from domain.vision.model_source import parse_model_source
from entrypoints.cli import shapes
from entrypoints.cli.command_context import CommandContext
from entrypoints.cli.errors import FileMissing
from entrypoints.cli.labelled_images import find_images
from entrypoints.cli.model_publishing import publish_change

MAX_PHOTOGRAPHS = 64
"""The maximum number of photographs for verifying a conversion; each takes 0.6 MB of memory."""


async def convert_model(command: CommandContext, source: Path, photographs: Path | None) -> None:
    """Convert a SavedModel, verify it on the photographs of a folder, and make it the current model."""
    model = command.container.installing().convert(source, _read_photographs(photographs), print_progress)
    await finish_install(command, model)


async def fetch_model(command: CommandContext, handle: str | None, photographs: Path | None) -> None:
    """Download a model, by default the main model, convert it and make it the current one."""
    source = parse_model_source(handle) if handle else None
    model = await command.container.model_fetcher().fetch(print_progress, _read_photographs(photographs), source)
    await finish_install(command, model)


async def finish_install(command: CommandContext, model: Model) -> None:
    """Print the installed model, and make it the one of the deployment."""
    print_installed(command, model)
    await publish_change(command)


def print_installed(command: CommandContext, model: Model) -> None:
    command.out.print_result(shapes.model(model), f"{model} is installed; pending images are classified automatically.")


def _read_photographs(folder: Path | None) -> list[bytes]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise FileMissing(f"{folder}: the folder does not exist")
    return [path.read_bytes() for path in find_images(folder)[:MAX_PHOTOGRAPHS]]


def print_progress(sentence: str) -> None:
    typer.echo(f"{sentence[:1].upper()}{sentence[1:]} …", file=sys.stderr)
