"""`tintype terms`: the terms that users accept."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("terms", "Publish and show the terms that users accept.")


@app.command("set")
def set_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Publish a text file as the next version; users accept it at their next sign-in."""
    from domain.terms import NewTerms
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    new = NewTerms(file.read_text("utf-8", "replace"))

    async def action(command: CommandContext) -> None:
        terms = await command.container.terms_publishing().publish(new)
        command.out.print_result(rest_shapes.terms(terms), f"Published version {terms.version} of the terms.")

    run_with_database(context, as_json, action)


@app.command()
def show(
    context: typer.Context,
    version: Annotated[int | None, typer.Option("--version", help="The version; by default the newest.")] = None,
    as_json: Json = False,
) -> None:
    """Show the terms."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        terms = await command.container.terms_publishing().read(version)
        text = f"Version {terms.version}, {terms.created_at:%Y-%m-%d}\n\n{clean(terms.text)}"
        command.out.print_result(rest_shapes.terms(terms), text)

    run_with_database(context, as_json, action)
