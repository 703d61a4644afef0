"""A ranking, told post by post."""

from collections.abc import Awaitable, Callable

from domain.pages import Page, PageRequest
from domain.ranking import Ranked
from entrypoints.cli import layout, posts
from entrypoints.cli.desk import Desk, walk


async def tell_ranked(desk: Desk, fetch: Callable[[PageRequest], Awaitable[Page[Ranked]]], limit: int) -> None:
    """At most `limit` posts of the ranking."""
    now, count = desk.container.clock().now(), 0
    async for ranked in walk(fetch, limit):
        desk.out.tell(posts.ranked(ranked), layout.ranked(ranked, now) + "\n")
        count += 1
    if not count:
        desk.out.say("No post yet.")
