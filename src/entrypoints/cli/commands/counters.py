"""`tintype counters`: compares the stored counters with the rows they count."""

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("counters", "Check and repair the stored counters.")


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Compare every counter with its rows; the exit code is 1 if any differs."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        drifts = await command.container.storage().counters.verify()
        for drift in drifts:
            command.out.print_result(shapes.drift(drift), layout.drift(drift))
        if drifts:
            command.out.print_note(f"{pluralize(len(drifts), 'counter')} wrong; repair with `tintype counters repair`.")
            raise typer.Exit(1)
        command.out.print_note("Every counter equals its rows.")

    run_with_database(context, as_json, action)


@app.command()
def repair(context: typer.Context, as_json: Json = False) -> None:
    """Correct all wrong counters; safe during normal operation."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        repaired = await command.container.storage().counters.repair()
        for drift in repaired:
            command.out.print_result(shapes.drift(drift), layout.drift(drift))
        command.out.print_note(
            f"Repaired {pluralize(len(repaired), 'counter')}." if repaired else "Every counter equals its rows."
        )

    run_with_database(context, as_json, action)
