"""Prints a ranking."""

from collections.abc import Awaitable, Callable

from domain.pages import Page, PageRequest
from domain.rankings import RankedPost
from entrypoints.cli import layout, rest_shapes
from entrypoints.cli.command_context import CommandContext, iter_items


async def print_ranking(
    command: CommandContext, fetch: Callable[[PageRequest], Awaitable[Page[RankedPost]]], limit: int
) -> None:
    """Print at most `limit` posts of the ranking."""
    now, count = command.container.clock().now(), 0
    async for ranked in iter_items(fetch, limit):
        command.out.print_result(rest_shapes.ranked_post(ranked), layout.ranked_post(ranked, now) + "\n")
        count += 1
    if not count:
        command.out.print_note("There are no posts yet.")
