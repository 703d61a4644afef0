"""`tintype db`: migrations, and a shell on the current database."""

from typing import Annotated

import typer

from entrypoints.cli.options import command_group

app = command_group("db", "Migrate the database, or open a shell on it.")


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the newest migration."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        applied = await command.container.migrations().upgrade()
        for revision in applied:
            command.out.print_note(f"Applied {revision}.")
        command.out.print_note(
            f"The database is at {await command.container.migrations().current()}, the newest migration."
        )

    run_unmigrated(context, action)


@app.command()
def downgrade(
    context: typer.Context, revision: Annotated[str, typer.Argument(help="A revision, -1, or base.")]
) -> None:
    """Take migrations back down to REVISION; what they had added is deleted."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        await command.container.migrations().downgrade(revision)
        command.out.print_note(
            f"The database is at {await command.container.migrations().current() or 'base: it is empty'}."
        )

    run_unmigrated(context, action)


@app.command()
def current(context: typer.Context) -> None:
    """Show the database's migration."""
    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        migrations = command.container.migrations()
        found, newest = await migrations.current(), migrations.head()
        known = found is None or migrations.is_known(found)
        remedy = "run `tintype db upgrade`" if known else "it is a newer version's, so run that"
        command.out.print_note(
            f"{found or 'none'} ({'the newest' if found == newest else f'the newest is {newest}; {remedy}'})"
        )

    run_unmigrated(context, action)


@app.command()
def shell(context: typer.Context) -> None:
    """Open psql on the current database."""
    import subprocess

    from entrypoints.cli.command_context import CommandContext, run_unmigrated

    async def action(command: CommandContext) -> None:
        # Waited for, not replaced by: while the shell is open this process stays an owner of the embedded server.
        code = subprocess.run(command.container.psql(), check=False).returncode  # noqa: ASYNC221, S603
        raise typer.Exit(code)

    run_unmigrated(context, action)
