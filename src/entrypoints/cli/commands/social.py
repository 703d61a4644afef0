"""Commands that act as a user (`--as`): post, like, follow and comment."""

from typing import Annotated, Literal

import typer

from entrypoints.cli.options import Actor, Files, Json, Name, PostRef


def add_to(app: typer.Typer) -> None:
    for command in (post, like, unlike, follow, unfollow, comment, consent):
        app.command()(command)


def post(
    context: typer.Context,
    files: Files,
    me: Actor,
    text: Annotated[str, typer.Option("--text", metavar="T", help="The text of the post.")] = "",
    as_json: Json = False,
) -> None:
    """Publish images."""
    from pathlib import Path

    from domain.ids import ImageId
    from domain.posts import NewPost
    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.files import read_file
    from entrypoints.cli.for_each import for_each

    async def action(command: CommandContext) -> None:
        author, container = await command.user_id(me), command.container
        images: list[bytes] = []
        image_ids: list[ImageId] = []

        async def read_image(file: Path) -> None:
            images.append(await read_file(file))

        async def upload(_file: Path) -> None:
            image_ids.append((await container.uploading().upload(author, images.pop(0), exempt=True)).id)

        # Validated before the upload, with placeholders for the images' ids.
        NewPost(text, tuple(ImageId(container.ids().new()) for _ in files), container.limits())
        await for_each(files, read_image, "Reading", as_json)
        await for_each(files, upload, "Uploading", as_json)
        view = await container.posting().publish(author, text, tuple(image_ids))
        command.out.print_note("Published:\n")
        command.out.print_result(rest_shapes.post(view), layout.post(view, container.clock().now()))

    run_with_database(context, as_json, action)


def like(context: typer.Context, post_id: PostRef, me: Actor, as_json: Json = False) -> None:
    """Like a post."""
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, parse_post_id, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        state = await command.container.liking().like(parse_post_id(post_id), await command.user_id(me))
        text = f"{me} likes the post; it has {pluralize(state.like_count, 'like')}."
        command.out.print_result(shapes.like_state(state), text)

    run_with_database(context, as_json, action)


def unlike(context: typer.Context, post_id: PostRef, me: Actor, as_json: Json = False) -> None:
    """Remove a like."""
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, parse_post_id, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        state = await command.container.liking().unlike(parse_post_id(post_id), await command.user_id(me))
        text = f"{me} no longer likes the post; it has {pluralize(state.like_count, 'like')}."
        command.out.print_result(shapes.like_state(state), text)

    run_with_database(context, as_json, action)


def follow(context: typer.Context, name: Name, me: Actor, as_json: Json = False) -> None:
    """Follow a user, or send a follow request to a private account."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        follower = await command.user_id(me)
        await command.container.following().follow(follower, name)
        profile = await command.container.accounts().profile(name, follower)
        requested = profile.relation is not None and profile.relation.requested
        verb = "requests to follow" if requested else "follows"
        command.out.print_result(rest_shapes.user(profile), f"{me} {verb} {profile.user.username}.")

    run_with_database(context, as_json, action)


def unfollow(context: typer.Context, name: Name, me: Actor, as_json: Json = False) -> None:
    """Stop following a user."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        follower = await command.user_id(me)
        await command.container.following().unfollow(follower, name)
        profile = await command.container.accounts().profile(name, follower)
        command.out.print_result(rest_shapes.user(profile), f"{me} no longer follows {profile.user.username}.")

    run_with_database(context, as_json, action)


def comment(
    context: typer.Context,
    post_id: PostRef,
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)],
    me: Actor,
    as_json: Json = False,
) -> None:
    """Comment on a post."""
    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, parse_post_id, run_with_database

    async def action(command: CommandContext) -> None:
        view = await command.container.commenting().comment(parse_post_id(post_id), await command.user_id(me), text)
        command.out.print_result(rest_shapes.comment(view), layout.comment(view, command.container.clock().now()))

    run_with_database(context, as_json, action)


def consent(
    context: typer.Context,
    captions: Annotated[Literal["none", "offline", "service"], typer.Argument(show_default=False)],
    me: Actor,
    followers_only: Annotated[
        bool, typer.Option("--followers-only", help="The service also gets images for followers only.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Decide who may describe the account's images."""
    from domain.consent import CaptionChoice
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        user_id, consenting = await command.user_id(me), command.container.consenting()
        answer = await consenting.decide(user_id, CaptionChoice(captions), followers_only=followers_only)
        command.out.print_result(shapes.consent(answer), f"{me} chose {answer.captions.value}.")

    run_with_database(context, as_json, action)
