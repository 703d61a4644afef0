import json

from adapters.postgres.database import Database
from domain.search import TagSource
from domain.tags import RISING_LIFETIME, RisingTag, RisingTagList, RisingTagLists

# rising_tag_lists_pkey
CURRENT = "select computed_at, tags from rising_tag_lists where name = 'rising'"

# rising_tag_lists_pkey. Of concurrent processes the first one writes, and all read its list.
# The condition is `RisingTagList.is_fresh`, reversed.
SAVE = """
insert into rising_tag_lists (name, computed_at, tags) values ('rising', $1, $2)
on conflict (name) do update set computed_at = excluded.computed_at, tags = excluded.tags
where rising_tag_lists.computed_at < $3
"""


class PostgresRisingTagLists(RisingTagLists):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> RisingTagList | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(CURRENT)
        if row is None:
            return None
        return RisingTagList(row.computed_at, tuple(_parse(*entry) for entry in json.loads(row.tags)))

    async def save(self, rising: RisingTagList) -> None:
        tags = json.dumps([(one.tag, one.posts_count, sorted(one.said_by)) for one in rising.tags])
        async with self._database.connection() as connection:
            await connection.execute(SAVE, rising.computed_at, tags, rising.computed_at - RISING_LIFETIME)


def _parse(tag: str, posts_count: int, said_by: list[str]) -> RisingTag:
    return RisingTag(tag, posts_count, frozenset(map(TagSource, said_by)))
