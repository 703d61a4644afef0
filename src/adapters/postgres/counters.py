from collections.abc import Mapping, Sequence

from adapters.postgres.database import Connection, Database, driver
from adapters.postgres.trending import TRENDING_KEY
from domain.counters import Counters, Drift

# likes_pkey, comments_post_id_id_idx
_OF_POSTS = {
    "post.like_count": "select count(*) from likes where post_id = posts.id",
    "post.comment_count": "select count(*) from comments where post_id = posts.id",
}
# follows_followers_idx, follows_pkey, posts_author_id_id_idx
_OF_USERS = {
    "user.followers_count": "select count(*) from follows where followee_id = users.id",
    "user.following_count": "select count(*) from follows where follower_id = users.id",
    "user.posts_count": "select count(*) from posts where author_id = users.id",
}


def _drifts(table: str, counters: Mapping[str, str], which: str = "true") -> str:
    return " union all ".join(
        f"select '{name}' as counter, id, {_column(name)} as stored, actual::int "  # noqa: S608 — made of constants
        f"from {table} cross join lateral ({count}) as counted (actual) where {which} and {_column(name)} <> actual"
        for name, count in counters.items()
    )


def _column(name: str) -> str:
    return name.partition(".")[2]


# One statement, so that rows and counters are seen at one moment.
VERIFY = f"{_drifts('posts', _OF_POSTS)} union all {_drifts('users', _OF_USERS)}"

_LOCK = "select from {table} where id = any($1::uuid[]) order by id for no key update"
_AGAIN = "id = any($1::uuid[])"
# In this order, which is everybody's: posts before users, and both by id.
_MENDING = (
    (_LOCK.format(table="posts"), _drifts("posts", _OF_POSTS, _AGAIN)),
    (_LOCK.format(table="users"), _drifts("users", _OF_USERS, _AGAIN)),
)
_SET = {
    "post.like_count": (
        f"update posts set like_count = $2, trending_key = {TRENDING_KEY.format(likes='$2::int')} where id = $1"  # noqa: S608
    ),
    "post.comment_count": "update posts set comment_count = $2 where id = $1",
    "user.followers_count": "update users set followers_count = $2 where id = $1",
    "user.following_count": "update users set following_count = $2 where id = $1",
    "user.posts_count": "update users set posts_count = $2 where id = $1",
}


class PostgresCounters(Counters):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def verify(self) -> Sequence[Drift]:
        async with self._database.reading() as connection:
            return await _found(connection, VERIFY)

    async def repair(self) -> Sequence[Drift]:
        suspects = [drift.id for drift in await self.verify()]
        async with self._database.transaction() as connection:
            by_hand = await driver(connection)
            mended: list[Drift] = []
            for lock, count_again in _MENDING:
                # Under the lock of its row a counter can be counted anew: whoever moves it locks the row before they
                # touch what it counts, or adds to the counter afterwards, and then to the one stored here.
                await by_hand.execute(lock, suspects)
                mended += await _found(by_hand, count_again, suspects)
            for drift in mended:
                await by_hand.execute(_SET[drift.counter], drift.id, drift.actual)
            await connection.commit()
        return mended


async def _found(connection: Connection, statement: str, *arguments: object) -> list[Drift]:
    rows = await connection.fetch(statement, *arguments)
    return [Drift(row["counter"], row["id"], row["stored"], row["actual"]) for row in rows]
