"""`tintype db`: migrations, and psql on the current database."""

from typing import Annotated

import typer

from entrypoints.cli.options import command_group
from release import RELEASE

app = command_group("db", "Migrate the database, or open psql on it.")


@app.command()
def upgrade(context: typer.Context) -> None:
    """Migrate the database to the newest migration."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        applied = await command.container.migrations().upgrade()
        for revision in applied:
            command.out.print_note(f"Applied {revision}.")
        command.out.print_note(
            f"The database is at {(await command.container.migrations().state()).revision}, the newest migration."
        )

    run_unmigrated(context, action)


@app.command()
def downgrade(
    context: typer.Context, revision: Annotated[str, typer.Argument(help="A revision, -1, or base.")]
) -> None:
    """Revert migrations down to REVISION; the tables and columns they added are deleted."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        await command.container.migrations().downgrade(revision)
        command.out.print_note(
            f"The database is at {(await command.container.migrations().state()).revision or 'base (empty)'}."
        )

    run_unmigrated(context, action)


@app.command()
def current(context: typer.Context) -> None:
    """Show the current migration of the database."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        state = await command.container.migrations().state()
        if state.is_newest:
            about = "the newest"
        elif state.is_usable:
            about = f"of a newer release, which supports Tintype {RELEASE}"
        else:
            about = f"not usable: {state.remedy}"
        command.out.print_note(f"{state.revision or 'none'} ({about})")

    run_unmigrated(context, action)


@app.command()
def shell(context: typer.Context) -> None:
    """Open psql on the current database."""
    import subprocess

    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        # A child, not exec: this process must remain an owner of the embedded server.
        code = subprocess.run(command.container.psql(), check=False).returncode  # noqa: ASYNC221, S603
        raise typer.Exit(code)

    run_unmigrated(context, action)
