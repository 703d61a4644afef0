"""Sample data of a given size, and users for measurements."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from container import Container
from domain.ids import PostId, UserId
from domain.sample_data import Scale
from domain.tokens import token_hash
from entrypoints.lifecycle import open_container
from entrypoints.settings import Settings

FOLLOWEES = 5_000


@dataclass(frozen=True)
class Dataset:
    """`readers` by the accounts they follow, and `reader_tokens` of the same. `author` has the most posts.
    `posts`, `likers` and `names` (of users to follow) are random samples."""

    container: Container
    scale: Scale
    readers: dict[str, UserId]
    reader_tokens: dict[str, str]
    author: str
    posts: list[PostId]
    likers: list[UserId]
    names: list[str]
    tokens: list[str]

    @property
    def url(self) -> str:
        return str(self.container.database().url)


def scale_of(posts: int) -> Scale:
    """The proportions: two million posts have 200,000 users, five million likes and four million follows."""
    return Scale(max(posts // 10, 3 * FOLLOWEES), posts, posts * 5 // 2, posts * 2)


@asynccontextmanager
async def open_dataset(home: Path, posts: int) -> AsyncIterator[Dataset]:
    container = Container(config=Settings(home=home, model_fetch="off", captions="off").config())
    async with open_container(container):
        scale = scale_of(posts)
        await container.sampling().fill(scale, lambda _rows: None)
        async with container.database().connection() as connection:
            readers = {
                "5,000 followees": await _reader(connection, 2, FOLLOWEES, "random()"),
                "5,000 who posted long ago": await _reader(connection, 3, FOLLOWEES, "newest"),
                "500 followees": await _reader(connection, 4, 500, "random()"),
            }
            liked = await connection.fetch("select id from posts order by random() limit 20000")
            likers = await connection.fetch("select id from users order by random() limit 12000")
            names = await connection.fetch("select username from users order by random() limit 6000")
            tokens = await _tokens(connection, "liker", [row["id"] for row in likers])
            reader_tokens = await _tokens(connection, "reader", list(readers.values()))
            author = await connection.fetchval("select username from users order by posts_count desc limit 1")
            await connection.execute("vacuum (analyze) follows, users, tokens")
        yield Dataset(
            container,
            scale,
            readers,
            dict(zip(readers, reader_tokens, strict=True)),
            author,
            [PostId(row["id"]) for row in liked],
            [UserId(row["id"]) for row in likers],
            [row["username"] for row in names],
            tokens,
        )


async def _reader(connection: Any, number: int, followees: int, order: str) -> UserId:
    """A user who follows exactly `followees` authors."""
    fetch = connection.fetchval
    reader = await fetch("select id from users order by id offset $1 limit 1", number)
    await fetch(
        """
with unfollowed as (delete from follows where follower_id = $1 returning followee_id)
update users set followers_count = followers_count - 1 where id in (select followee_id from unfollowed)""",
        reader,
    )
    await fetch(
        f"""
with authors as (
  select author_id, max(created_at) as newest from posts where author_id <> $1 group by author_id
  order by {order} limit $2),
 inserted as (insert into follows (follower_id, followee_id, created_at) select $1, author_id, now() from authors),
 followed as (update users set followers_count = followers_count + 1 where id in (select author_id from authors))
update users set following_count = $2 where id = $1""",  # noqa: S608 — constants
        reader,
        followees,
    )
    return UserId(reader)


async def _tokens(connection: Any, name: str, users: Sequence[UUID]) -> list[str]:
    """A token for each user, as sign-in would create it."""
    texts = [f"bench-{name}-{number}" for number in range(len(users))]
    later = datetime(2100, 1, 1, tzinfo=UTC)
    await connection.executemany(
        "insert into tokens (id, user_id, hash, created_at, expires_at) values (uuidv7(), $1, $2, now(), $3)",
        [(user, token_hash(text), later) for user, text in zip(users, texts, strict=True)],
    )
    return texts
