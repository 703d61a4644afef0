"""Registers all commands, in the sections of the help."""

from typing import Annotated

import typer

from entrypoints.cli.commands import (
    backup,
    bench,
    blobs,
    blocklist,
    counters,
    database,
    images,
    import_,
    invites,
    jobs,
    model,
    moderate,
    reading,
    restore,
    running,
    social,
    terms,
    users,
)
from entrypoints.cli.sections import SectionedGroup

app = typer.Typer(
    cls=SectionedGroup,
    help="Tintype: a photo-sharing server with built-in image recognition.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_requested: bool) -> None:
    if is_requested:
        from release import RELEASE

        print(f"tintype {RELEASE}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the program."""


for module in (running, social, reading, import_, images, restore):
    module.add_to(app)
for group in (database, counters, jobs, blobs, backup, bench, model, users, moderate, blocklist, invites, terms):
    app.add_typer(group.app)
