"""`tintype counters`: the counts that lists show, against the rows they count."""

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("counters", "Prove that every count is exact.")


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Compare every counter with its rows; exit 1 if one differs."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        found = await command.container.storage().counters.verify()
        for drift in found:
            command.out.print_result(shapes.drift(drift), layout.drift(drift))
        if found:
            command.out.print_note(f"{len(found)} counters are wrong; `tintype counters repair` mends them.")
            raise typer.Exit(1)
        command.out.print_note("Every counter equals its rows.")

    run_with_database(context, as_json, action)


@app.command()
def repair(context: typer.Context, as_json: Json = False) -> None:
    """Set every wrong counter right, safely beside running traffic."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        mended = await command.container.storage().counters.repair()
        for drift in mended:
            command.out.print_result(shapes.drift(drift), layout.drift(drift))
        command.out.print_note(
            f"Mended {len(mended)} counters." if mended else "Every counter was right; nothing to mend."
        )

    run_with_database(context, as_json, action)
