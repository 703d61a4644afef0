"""Where a command meets the container: opened before it, closed after it, with its output at hand."""

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
from entrypoints.cli.context import Program
from entrypoints.cli.output import Output
from entrypoints.lifecycle import connected, opened

T = TypeVar("T")
LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Desk:
    container: Container
    out: Output

    async def person(self, name: str) -> UserId:
        """Whose account that is. Raises `UserNotFound`."""
        return (await self.container.accounts().profile(name)).user.id

    async def viewer(self, name: str | None) -> UserId | None:
        return await self.person(name) if name else None


Story = Callable[[Desk], Awaitable[None]]


def at_desk(context: typer.Context, as_json: bool, story: Story) -> None:
    """Tell `story` with the container's technologies open: the embedded database joined and migrated."""

    async def told(desk: Desk) -> None:
        async with opened(desk.container):
            await story(desk)

    without_database(context, as_json, told)


def without_database(context: typer.Context, as_json: bool, story: Story) -> None:
    """Tell `story` with the container as built: no database is joined or started."""
    program = context.find_object(Program)
    if program is None:
        raise TypeError("commands run through entrypoints.cli.__main__.main")
    asyncio.run(_awaited(story(Desk(program.make_container(), Output(as_json)))))


def at_database(context: typer.Context, story: Story) -> None:
    """Tell `story` with the embedded database joined, where there is one, but not migrated."""

    async def told(desk: Desk) -> None:
        if desk.container.config.store() != "postgres":
            raise Invalid("there is no database with TINTYPE_STORE=memory; unset it to reach the one on disk")
        async with connected(desk.container):
            await story(desk)

    without_database(context, False, told)


async def _awaited(story: Awaitable[None]) -> None:
    await story


async def walk(fetch: Callable[[PageRequest], Awaitable[Page[T]]], limit: int | None = None) -> AsyncIterator[T]:
    """The items of a list, page by page, `limit` at most."""
    request = PageRequest(limit=min(limit or LONGEST_PAGE, LONGEST_PAGE))
    left = limit
    while left is None or left > 0:
        page = await fetch(request)
        for item in page.items[:left]:
            yield item
        left = None if left is None else left - len(page.items)
        if page.next is None:
            return
        request = PageRequest(limit=min(left or LONGEST_PAGE, LONGEST_PAGE), after=page.next)


def image_id(text: str) -> ImageId | None:
    """An image's id, or None for what is none, such as the name of a file."""
    try:
        return ImageId(UUID(text))
    except ValueError:
        return None


def post_id(text: str) -> PostId:
    """Ids are opaque: what is no id names no post. Raises `PostNotFound`."""
    try:
        return PostId(UUID(text))
    except ValueError:
        raise PostNotFound from None
