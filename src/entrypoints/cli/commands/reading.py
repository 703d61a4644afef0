"""Reading posts: one, a feed, the rankings, and what is found."""

from typing import Annotated

import typer

from entrypoints.cli.context import As, Json, Limit, PostRef, Viewer


def add_to(app: typer.Typer) -> None:
    for command in (show, feed, top, trending, search, similar):
        app.command()(command)


def show(context: typer.Context, post_id: PostRef, me: Viewer = None, as_json: Json = False) -> None:
    """Show a post with its comments."""
    from functools import partial

    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk, walk
    from entrypoints.cli.desk import post_id as parsed

    async def story(desk: Desk) -> None:
        viewer, now = await desk.viewer(me), desk.container.clock().now()
        view = await desk.container.browsing().post(parsed(post_id), viewer)
        desk.out.tell(posts.post(view), layout.post(view, now))
        if not desk.out.as_json:
            async for said in walk(partial(desk.container.commenting().under, view.post.id, viewer)):
                desk.out.say("\n" + layout.comment(said, now))

    at_desk(context, as_json, story)


def feed(context: typer.Context, me: As, limit: Limit = 20, as_json: Json = False) -> None:
    """Show the posts of those NAME follows, and NAME's own."""
    from functools import partial

    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk, walk

    async def story(desk: Desk) -> None:
        viewer, now, count = await desk.person(me), desk.container.clock().now(), 0
        async for view in walk(partial(desk.container.browsing().home, viewer), limit):
            desk.out.tell(posts.post(view), layout.post(view, now) + "\n")
            count += 1
        if not count:
            desk.out.say(f"{me}'s feed is empty: follow somebody (`tintype follow NAME --as {me}`) or post something.")

    at_desk(context, as_json, story)


def top(
    context: typer.Context,
    window: Annotated[str, typer.Option("--window", metavar="W", help="day, week, month, year or all.")] = "all",
    me: Viewer = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Show the most liked posts published within a window."""
    from functools import partial

    from domain.ranking import Window
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.ranked import tell_ranked

    if window not in set(Window):
        raise typer.BadParameter(f"{window!r} is no window; take one of {', '.join(Window)}", param_hint="--window")

    async def story(desk: Desk) -> None:
        viewer = await desk.viewer(me)
        fetch = partial(desk.container.ranking().most_liked, viewer, Window(window))
        await tell_ranked(desk, fetch, limit)

    at_desk(context, as_json, story)


def trending(context: typer.Context, me: Viewer = None, limit: Limit = 20, as_json: Json = False) -> None:
    """Show the posts that rise: many likes for their age."""
    from functools import partial

    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.ranked import tell_ranked

    async def story(desk: Desk) -> None:
        viewer = await desk.viewer(me)
        await tell_ranked(desk, partial(desk.container.ranking().trending, viewer), limit)

    at_desk(context, as_json, story)


def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="Q", show_default=False)],
    me: Viewer = None,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show posts that hold all words of Q."""
    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk, walk

    async def story(desk: Desk) -> None:
        viewer, now, searching = await desk.viewer(me), desk.container.clock().now(), desk.container.searching()
        count = 0
        async for hit in walk(lambda page: searching.by_words(question, viewer, page), limit):
            count += 1
            desk.out.tell(posts.hit(hit), layout.post(hit.view, now) + "\n")
        if not count:
            desk.out.say("Nothing holds all of these words.")

    at_desk(context, as_json, story)


def similar(
    context: typer.Context,
    picture: Annotated[str, typer.Argument(metavar="IMAGE_ID|FILE", show_default=False)],
    me: Viewer = None,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show posts with pictures like this one."""
    from pathlib import Path

    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk, image_id
    from entrypoints.cli.files import read
    from entrypoints.wording import pending

    async def story(desk: Desk) -> None:
        viewer, now, searching = await desk.viewer(me), desk.container.clock().now(), desk.container.searching()
        known = image_id(picture)
        if known is not None:
            found = await searching.similar(known, viewer, limit)
        else:
            found = await searching.by_image(await read(Path(picture)), viewer, limit)
        for one in found.posts:
            desk.out.tell(posts.lookalike(one), layout.lookalike(one, now) + "\n")
        if not found.posts:
            desk.out.say("No image looks like it.")
        if note := pending(found.pending):
            desk.out.say(note)

    at_desk(context, as_json, story)
