"""`tintype bench`: sample data for measurements."""

from typing import Annotated

import typer

from entrypoints.cli.options import command_group

app = command_group("bench", "Create sample data for measurements.")

_ROWS_PER_STEP = 10_000


@app.command()
def fill(
    context: typer.Context,
    users: Annotated[int, typer.Option(metavar="N", help="Users.")] = 1_000,
    posts: Annotated[int, typer.Option(metavar="N", help="Posts with one image each.")] = 20_000,
    likes: Annotated[int, typer.Option(metavar="N", help="Likes.")] = 50_000,
    follows: Annotated[int, typer.Option(metavar="N", help="Follows.")] = 40_000,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the random data.")] = 1,
) -> None:
    """Fill an empty database with generated users and posts."""
    from domain.sample_data import Scale
    from domain.services.sampling import FIRST_USERNAME, PASSWORD
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.progress import progress

    scale = Scale(users, posts, likes, follows, seed)

    async def action(command: CommandContext) -> None:
        done = 0
        with progress("Filling (rows, in 10,000)", max(1, scale.rows // _ROWS_PER_STEP)) as step:

            def advance(rows: int) -> None:
                nonlocal done
                before, done = done, done + rows
                for _ in range(done // _ROWS_PER_STEP - before // _ROWS_PER_STEP):
                    step("")

            await command.container.sampling().fill(scale, advance)
        command.out.print_note(f"Created {users:,} users, {posts:,} posts, {likes:,} likes and {follows:,} follows.")
        command.out.print_note(f"All users, such as {FIRST_USERNAME}, have the password: {PASSWORD}")

    run_with_database(context, False, action)
