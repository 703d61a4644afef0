"""What people do with posts and each other, each `--as` somebody."""

from typing import Annotated

import typer

from entrypoints.cli.context import As, Files, Json, Name, PostRef


def add_to(app: typer.Typer) -> None:
    for command in (post, like, unlike, follow, unfollow, comment):
        app.command()(command)


def post(
    context: typer.Context,
    files: Files,
    me: As,
    text: Annotated[str, typer.Option("--text", metavar="T", help="The words beside the pictures.")] = "",
    as_json: Json = False,
) -> None:
    """Publish pictures."""
    from pathlib import Path

    from domain.ids import ImageId
    from domain.posts import Draft
    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.each import each
    from entrypoints.cli.files import read

    async def story(desk: Desk) -> None:
        author, container = await desk.person(me), desk.container
        pictures: list[bytes] = []
        image_ids: list[ImageId] = []

        async def take(file: Path) -> None:
            pictures.append(await read(file))

        async def upload(_file: Path) -> None:
            image_ids.append((await container.uploading().upload(author, pictures.pop(0), exempt=True)).id)

        # Refused before anything is uploaded, with stand-ins for the images' ids.
        Draft(text, tuple(ImageId(container.ids().new()) for _ in files), container.limits())
        await each(files, take, "Reading", as_json)
        await each(files, upload, "Uploading", as_json)
        view = await container.posting().publish(author, text, tuple(image_ids))
        desk.out.say("Published:\n")
        desk.out.tell(posts.post(view), layout.post(view, container.clock().now()))

    at_desk(context, as_json, story)


def like(context: typer.Context, post_id: PostRef, me: As, as_json: Json = False) -> None:
    """Like a post."""
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.desk import post_id as parsed
    from entrypoints.wording import counted

    async def story(desk: Desk) -> None:
        standing = await desk.container.liking().like(parsed(post_id), await desk.person(me))
        said = f"{me} likes the post; it has {counted(standing.like_count, 'like')}."
        desk.out.tell(shapes.liking(standing), said)

    at_desk(context, as_json, story)


def unlike(context: typer.Context, post_id: PostRef, me: As, as_json: Json = False) -> None:
    """Take a like back."""
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.desk import post_id as parsed
    from entrypoints.wording import counted

    async def story(desk: Desk) -> None:
        standing = await desk.container.liking().unlike(parsed(post_id), await desk.person(me))
        said = f"{me} does not like the post any more; it has {counted(standing.like_count, 'like')}."
        desk.out.tell(shapes.liking(standing), said)

    at_desk(context, as_json, story)


def follow(context: typer.Context, name: Name, me: As, as_json: Json = False) -> None:
    """Follow somebody, or ask a private account for it."""
    from entrypoints.cli import posts
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        follower = await desk.person(me)
        await desk.container.following().follow(follower, name)
        profile = await desk.container.accounts().profile(name, follower)
        requested = profile.relation is not None and profile.relation.requested
        does = "asks to follow" if requested else "follows"
        desk.out.tell(posts.user(profile), f"{me} {does} {profile.user.username}.")

    at_desk(context, as_json, story)


def unfollow(context: typer.Context, name: Name, me: As, as_json: Json = False) -> None:
    """Stop following somebody."""
    from entrypoints.cli import posts
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        follower = await desk.person(me)
        await desk.container.following().unfollow(follower, name)
        profile = await desk.container.accounts().profile(name, follower)
        desk.out.tell(posts.user(profile), f"{me} does not follow {profile.user.username}.")

    at_desk(context, as_json, story)


def comment(
    context: typer.Context,
    post_id: PostRef,
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)],
    me: As,
    as_json: Json = False,
) -> None:
    """Say something under a post."""
    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.desk import post_id as parsed

    async def story(desk: Desk) -> None:
        view = await desk.container.commenting().comment(parsed(post_id), await desk.person(me), text)
        desk.out.tell(posts.comment(view), layout.comment(view, desk.container.clock().now()))

    at_desk(context, as_json, story)
