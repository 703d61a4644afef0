"""Commands that show posts: a post, the feed, rankings and search."""

from typing import Annotated

import typer

from entrypoints.cli.options import Actor, Json, Limit, PostRef, Viewer


def add_to(app: typer.Typer) -> None:
    for command in (show, feed, top, trending, search, similar):
        app.command()(command)


def show(context: typer.Context, post_id: PostRef, me: Viewer = None, as_json: Json = False) -> None:
    """Show a post with its comments."""
    from functools import partial

    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, parse_post_id, run_with_database

    async def action(command: CommandContext) -> None:
        viewer, now = await command.viewer_id(me), command.container.clock().now()
        view = await command.container.browsing().post(parse_post_id(post_id), viewer)
        command.out.print_result(rest_shapes.post(view), layout.post(view, now))
        if not command.out.as_json:
            async for comment in iter_items(partial(command.container.commenting().of_post, view.post.id, viewer)):
                command.out.print_note("\n" + layout.comment(comment, now))

    run_with_database(context, as_json, action)


def feed(context: typer.Context, me: Actor, limit: Limit = 20, as_json: Json = False) -> None:
    """Show the posts of NAME and of the accounts that NAME follows."""
    from functools import partial

    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database

    async def action(command: CommandContext) -> None:
        viewer, now, count = await command.user_id(me), command.container.clock().now(), 0
        async for view in iter_items(partial(command.container.browsing().home, viewer), limit):
            command.out.print_result(rest_shapes.post(view), layout.post(view, now) + "\n")
            count += 1
        if not count:
            command.out.print_note(
                f"{me}'s feed is empty: follow someone (`tintype follow NAME --as {me}`) or post something."
            )

    run_with_database(context, as_json, action)


def top(
    context: typer.Context,
    window: Annotated[str, typer.Option("--window", metavar="W", help="day, week, month, year or all.")] = "all",
    me: Viewer = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Show the most liked posts of a time window."""
    from functools import partial

    from domain.rankings import Window
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.rankings import print_ranking

    if window not in set(Window):
        raise typer.BadParameter(f"{window!r} is not a window; use one of {', '.join(Window)}", param_hint="--window")

    async def action(command: CommandContext) -> None:
        viewer = await command.viewer_id(me)
        fetch = partial(command.container.ranking().most_liked, viewer, Window(window))
        await print_ranking(command, fetch, limit)

    run_with_database(context, as_json, action)


def trending(context: typer.Context, me: Viewer = None, limit: Limit = 20, as_json: Json = False) -> None:
    """Show posts with many likes for their age."""
    from functools import partial

    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.rankings import print_ranking

    async def action(command: CommandContext) -> None:
        viewer = await command.viewer_id(me)
        await print_ranking(command, partial(command.container.ranking().trending, viewer), limit)

    run_with_database(context, as_json, action)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="Q", show_default=False)],
    me: Viewer = None,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show posts that contain all words of Q."""
    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database

    async def action(command: CommandContext) -> None:
        viewer, now, searching = (
            await command.viewer_id(me),
            command.container.clock().now(),
            command.container.searching(),
        )
        count = 0
        async for hit in iter_items(lambda page: searching.by_words(query, viewer, page), limit):
            count += 1
            command.out.print_result(rest_shapes.hit(hit), layout.post(hit.view, now) + "\n")
        if not count:
            command.out.print_note("No post contains all of these words.")

    run_with_database(context, as_json, action)


def similar(
    context: typer.Context,
    image: Annotated[str, typer.Argument(metavar="IMAGE_ID|FILE", show_default=False)],
    me: Viewer = None,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show posts with similar images."""
    from pathlib import Path

    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, parse_image_id, run_with_database
    from entrypoints.cli.files import read_file
    from entrypoints.wording import incomplete_note

    async def action(command: CommandContext) -> None:
        viewer, now, searching = (
            await command.viewer_id(me),
            command.container.clock().now(),
            command.container.searching(),
        )
        image_id = parse_image_id(image)
        if image_id is not None:
            result = await searching.similar(image_id, viewer, limit)
        else:
            result = await searching.by_image(await read_file(Path(image)), viewer, limit)
        for one in result.posts:
            command.out.print_result(rest_shapes.similar_post(one), layout.similar_post(one, now) + "\n")
        if not result.posts:
            command.out.print_note("There are no similar images.")
        if note := incomplete_note(result.pending):
            command.out.print_note(note)

    run_with_database(context, as_json, action)
