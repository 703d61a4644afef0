"""Gives a command the container and its output, and opens and closes the container."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import typer

from container import Container
from domain.errors import Invalid
from domain.ids import ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.posts import PostNotFound
from domain.profiles import Profile
from entrypoints.cli.options import Program
from entrypoints.cli.output import Output
from entrypoints.lifecycle import connect, open_container

T = TypeVar("T")
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class CommandContext:
    container: Container
    out: Output

    async def user_id(self, name: str) -> UserId:
        """Return the id of the acting account. Raises `UserNotFound`, `AccountSuspended`."""
        return (await self.actor(name)).user.id

    async def actor(self, name: str) -> Profile:
        """Return the acting account. Raises `UserNotFound`, `AccountSuspended`."""
        profile = await self.container.accounts().account(name)
        await self.container.token_issuer().require_not_suspended(profile.user.id)
        return profile

    async def viewer_id(self, name: str | None) -> UserId | None:
        return await self.user_id(name) if name else None


Action = Callable[[CommandContext], Awaitable[None]]


def run_with_database(context: typer.Context, as_json: bool, action: Action) -> None:
    """Run `action` with an open container: the embedded database is started and migrated."""

    async def run_action(command: CommandContext) -> None:
        async with open_container(command.container):
            await action(command)

    run_without_database(context, as_json, run_action)


def run_without_database(context: typer.Context, as_json: bool, action: Action) -> None:
    """Run `action` with a container that is not opened: no database is started."""
    program = context.find_object(Program)
    if program is None:
        raise TypeError("commands run through entrypoints.cli.__main__.main")
    asyncio.run(_await(action(CommandContext(program.make_container(), Output(as_json)))))


def run_unmigrated(context: typer.Context, action: Action) -> None:
    """Run `action` with the embedded database started, if it is used, but not migrated."""

    async def run_action(command: CommandContext) -> None:
        if command.container.config.store() != "postgres":
            raise Invalid("there is no database with TINTYPE_STORE=memory; unset it to use the one on disk")
        async with connect(command.container):
            await action(command)

    run_without_database(context, False, run_action)


async def _await(action: Awaitable[None]) -> None:
    await action


async def iter_items(fetch: Callable[[PageRequest], Awaitable[Page[T]]], limit: int | None = None) -> AsyncIterator[T]:
    """The items of a list, page by page, at most `limit`."""
    request = PageRequest(limit=min(limit or MAX_PAGE, MAX_PAGE))
    left = limit
    while left is None or left > 0:
        page = await fetch(request)
        for item in page.items[:left]:
            yield item
        left = None if left is None else left - len(page.items)
        if page.next is None:
            return
        request = PageRequest(limit=min(left or MAX_PAGE, MAX_PAGE), after=page.next)


def parse_image_id(text: str) -> ImageId | None:
    """An image's id; None for other text, such as the name of a file."""
    try:
        return ImageId(UUID(text))
    except ValueError:
        return None


def parse_post_id(text: str) -> PostId:
    """Raises `PostNotFound` for text that is not an id."""
    try:
        return PostId(UUID(text))
    except ValueError:
        raise PostNotFound from None
