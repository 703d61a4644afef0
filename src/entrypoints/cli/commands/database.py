"""`tintype db`: migrations, and a shell on the current database."""

from typing import Annotated

import typer

from entrypoints.cli.context import group

app = group("db", "Migrate the database, or open a shell on it.")


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the newest migration."""
    from entrypoints.cli.desk import Desk, at_database

    async def story(desk: Desk) -> None:
        applied = await desk.container.migrations().upgrade()
        for revision in applied:
            desk.out.say(f"Applied {revision}.")
        desk.out.say(f"The database is at {await desk.container.migrations().current()}, the newest migration.")

    at_database(context, story)


@app.command()
def downgrade(
    context: typer.Context, revision: Annotated[str, typer.Argument(help="A revision, -1, or base.")]
) -> None:
    """Take migrations back down to REVISION; what they had added is deleted."""
    from entrypoints.cli.desk import Desk, at_database

    async def story(desk: Desk) -> None:
        await desk.container.migrations().downgrade(revision)
        desk.out.say(f"The database is at {await desk.container.migrations().current() or 'base: it is empty'}.")

    at_database(context, story)


@app.command()
def current(context: typer.Context) -> None:
    """Show the database's migration."""
    from entrypoints.cli.desk import Desk, at_database

    async def story(desk: Desk) -> None:
        migrations = desk.container.migrations()
        found, newest = await migrations.current(), migrations.head()
        known = found is None or migrations.knows(found)
        remedy = "run `tintype db upgrade`" if known else "it is a newer version's, so run that"
        desk.out.say(f"{found or 'none'} ({'the newest' if found == newest else f'the newest is {newest}; {remedy}'})")

    at_database(context, story)


@app.command()
def shell(context: typer.Context) -> None:
    """Open psql on the current database."""
    import subprocess

    from entrypoints.cli.desk import Desk, at_database

    async def story(desk: Desk) -> None:
        # Waited for, not replaced by: while the shell is open this process stays an owner of the embedded server.
        code = subprocess.run(desk.container.psql(), check=False).returncode  # noqa: ASYNC221, S603
        raise typer.Exit(code)

    at_database(context, story)
