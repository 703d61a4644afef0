from collections.abc import Sequence
from functools import cache
from uuid import UUID

from adapters.postgres.database import Connection, Database, Row
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.views import profile_of, profile_view
from adapters.postgres.visibility import not_ignored, not_in_effect
from domain.ids import CommentId, NotificationId, PostId, UserId
from domain.notifications import MAX_ACTORS, MAX_COUNTED, Notification, NotificationKind, NotificationReader
from domain.pages import Page, PageRequest
from domain.profiles import Profile


def _actors_query(most: int) -> str:
    """Return SQL for the actors whose action is not undone, newest first, of a row called n. Reads likes_of_post_idx,
    follows_pkey, follow_requests_pkey, comments_pkey."""
    return f"""case n.kind
  when 'like' then array(
    select l.user_id from likes as l
    where l.post_id = n.post_id and l.created_at >= n.since and l.user_id <> n.user_id
      and {not_ignored("n.user_id", "l.user_id")}
    order by l.created_at desc, l.user_id desc limit {most})
  when 'follow' then array(
    select follower_id from follows
    where follower_id = n.actor_id and followee_id = n.user_id and {not_ignored("n.user_id", "n.actor_id")})
  when 'follow_request' then array(
    select follower_id from follow_requests
    where follower_id = n.actor_id and followee_id = n.user_id and {not_ignored("n.user_id", "n.actor_id")})
  else array(
    select n.actor_id where {not_ignored("n.user_id", "n.actor_id")}
      and coalesce((select {not_in_effect("hidden_until")} from comments where id = n.comment_id), true)) end"""


def _notification_query(condition: str, direction: str, rows: int) -> str:
    # notifications_user_id_id_idx, users_pkey
    return f"""
select n.*, actors.ids as actors, n.id <= coalesce(reader.notifications_read, '{UUID(int=0)}') as read
from notifications as n join users as reader on reader.id = n.user_id
cross join lateral (select {_actors_query(MAX_COUNTED)} as ids) as actors
where n.user_id = $1 and {condition} and cardinality(actors.ids) > 0
order by n.id {direction} limit {rows}"""


OF_USER = page_statement(lambda rows: _notification_query("n.id < $2", "desc", rows))
SINCE = cache(lambda rows: _notification_query("n.id > $2", "asc", rows))

# notifications_user_id_id_idx
UNREAD_COUNT = f"""
select count(*) from (
  select from notifications as n
  where n.user_id = $1 and cardinality({_actors_query(1)}) > 0
    and n.id > coalesce((select notifications_read from users where id = $1), '{UUID(int=0)}')
  limit {MAX_COUNTED}) as unread"""
NEWEST_ID = "select id from notifications where user_id = $1 order by id desc limit 1"

# users_pkey
ACTORS = profile_view("select users.*, 0 as key from users where id = any($2::uuid[])")


class PostgresNotificationReader(NotificationReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_USER(page), user_id, below_id(page))
            people = await _fetch_actors(connection, user_id, rows)
        return make_page(rows, page, lambda row: _notification_of(row, people))

    async def since(self, user_id: UserId, after: NotificationId, limit: int) -> Sequence[Notification]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(SINCE(limit), user_id, after)
            people = await _fetch_actors(connection, user_id, rows)
        return [_notification_of(row, people) for row in rows]

    async def newest_id(self, user_id: UserId) -> NotificationId | None:
        async with self._database.connection() as connection:
            found: NotificationId | None = await connection.fetchval(NEWEST_ID, user_id)
        return found

    async def unread_count(self, user_id: UserId) -> int:
        async with self._database.connection() as connection:
            found: int = await connection.fetchval(UNREAD_COUNT, user_id)
        return found


async def _fetch_actors(connection: Connection, viewer: UserId, rows: Sequence[Row]) -> dict[UUID, Profile]:
    """Return the actors of all rows, by id."""
    wanted = {actor for row in rows for actor in row.actors[:MAX_ACTORS]}
    if not wanted:
        return {}
    found = await connection.fetch(ACTORS, viewer, list(wanted))
    return {row.id: profile_of(row, viewer) for row in found}


def _notification_of(row: Row, people: dict[UUID, Profile]) -> Notification:
    return Notification(
        id=NotificationId(row.id),
        kind=NotificationKind(row.kind),
        actors=()
        if row.kind == NotificationKind.DECISION
        else tuple(people[actor] for actor in row.actors[:MAX_ACTORS] if actor in people),
        others_count=max(0, len(row.actors) - MAX_ACTORS),
        created_at=row.created_at,
        read=row.read,
        post_id=None if row.post_id is None else PostId(row.post_id),
        comment_id=None if row.comment_id is None else CommentId(row.comment_id),
    )
