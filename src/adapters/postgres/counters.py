from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.postgres.database import Connection, Database
from adapters.postgres.trending import TRENDING_KEY
from domain.counters import COUNTERS, CounterCheck, Counters, Drift

# The sums of the changes in `domain.counters`.
# likes_pkey, comments_post_id_id_idx
_POST_COUNTS = {
    "post.like_count": "select count(*) from likes where post_id = posts.id",
    "post.comment_count": "select count(*) from comments where post_id = posts.id",
}
# follows_followers_idx, follows_pkey, posts_author_id_id_idx
_USER_COUNTS = {
    "user.followers_count": "select count(*) from follows where followee_id = users.id",
    "user.following_count": "select count(*) from follows where follower_id = users.id",
    "user.posts_count": "select count(*) from posts where author_id = users.id",
}


def _drift_query(table: str, counters: Mapping[str, str], which: str = "true") -> str:
    return " union all ".join(
        f"select '{name}' as counter, id, {_column(name)} as stored, actual::int "
        f"from {table} cross join lateral ({count}) as counted (actual) where {which} and {_column(name)} <> actual"
        for name, count in counters.items()
    )


def _column(name: str) -> str:
    return name.partition(".")[2]


# One statement, so that rows and counters are read in one snapshot.
VERIFY = f"{_drift_query('posts', _POST_COUNTS)} union all {_drift_query('users', _USER_COUNTS)}"
_VERIFY_SECONDS = 3600
"""It takes a minute or more for many millions of rows."""

_LOCK = "select from {table} where id = any($1::uuid[]) order by id for no key update"
_BY_IDS = "id = any($1::uuid[])"
# In the global order of locks: posts before users, and both by id.
_REPAIRS = (
    (_LOCK.format(table="posts"), _drift_query("posts", _POST_COUNTS, _BY_IDS)),
    (_LOCK.format(table="users"), _drift_query("users", _USER_COUNTS, _BY_IDS)),
)
_SET = {
    "post.like_count": (
        f"update posts set like_count = $2, trending_key = {TRENDING_KEY.format(likes='$2::int')} where id = $1"
    ),
    "post.comment_count": "update posts set comment_count = $2 where id = $1",
    "user.followers_count": "update users set followers_count = $2 where id = $1",
    "user.following_count": "update users set following_count = $2 where id = $1",
    "user.posts_count": "update users set posts_count = $2 where id = $1",
}


_SAVE_CHECK = """
insert into counter_checks (counter, wrong, checked_at) values ($1, $2, $3)
on conflict (counter) do update set wrong = excluded.wrong, checked_at = excluded.checked_at"""


class PostgresCounters(Counters):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def verify(self) -> Sequence[Drift]:
        async with self._database.connection() as connection, connection.transaction():
            await connection.execute(f"set local statement_timeout = '{_VERIFY_SECONDS}s'")
            return await _fetch_drifts(connection, VERIFY, seconds=_VERIFY_SECONDS)

    async def record_check(self, now: datetime) -> None:
        found = Counter(drift.counter for drift in await self.verify())
        async with self._database.connection() as connection:
            await connection.executemany(_SAVE_CHECK, [(counter, found[counter], now) for counter in COUNTERS])

    async def last_check(self) -> CounterCheck | None:
        async with self._database.connection() as connection:
            rows = await connection.fetch("select * from counter_checks order by counter")
        if not rows:
            return None
        return CounterCheck(min(row["checked_at"] for row in rows), {row["counter"]: row["wrong"] for row in rows})

    async def repair(self) -> Sequence[Drift]:
        suspects = [drift.id for drift in await self.verify()]
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            repaired: list[Drift] = []
            for lock, count_again in _REPAIRS:
                # Under the lock of its row a counter can be recounted. Every change of a counter locks that row before
                # it changes the counted rows, or adds to the counter afterwards, then to the value stored here.
                await connection.execute(lock, suspects)
                repaired += await _fetch_drifts(connection, count_again, suspects)
            for drift in repaired:
                await connection.execute(_SET[drift.counter], drift.id, drift.actual)
            await transaction.commit()
        return repaired


async def _fetch_drifts(
    connection: Connection, statement: str, *arguments: object, seconds: float | None = None
) -> list[Drift]:
    rows = await connection.fetch(statement, *arguments, timeout=seconds)
    return [Drift(row["counter"], row["id"], row["stored"], row["actual"]) for row in rows]
