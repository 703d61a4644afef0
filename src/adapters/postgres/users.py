from datetime import datetime

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.row_statements import insert_row, update_row
from adapters.postgres.rows import USER_COLUMNS, user_of
from adapters.postgres.trending import TRENDING_KEY
from domain.follows import accepts_waiting_requests
from domain.ids import UserId
from domain.search import INDEX_VERSION, name_key
from domain.users import EmailStatus, EmailTaken, User, UsernameTaken, Users


class PostgresUsers(Users):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, user: User, now: datetime) -> None:
        try:
            await insert_row(self._connection, "users", _columns(user))
        except asyncpg.UniqueViolationError as error:
            match error.constraint_name:
                case "users_username_key":
                    raise UsernameTaken(user.username) from error
                case "users_held_email_idx":
                    raise EmailTaken(user.email) from error
            raise
        # Checked after the insert, which has waited for a concurrent deletion of an account with this name.
        if await self._connection.fetchval(_IS_RESERVED, user.username, now):
            raise UsernameTaken(user.username)

    async def get(self, user_id: UserId) -> User | None:
        row = await self._connection.fetchrow(_GET, user_id)
        return user_of(row) if row else None

    async def save(self, user: User) -> None:
        changes = {
            **_name_columns(user.display_name),
            "bio": user.bio,
            "avatar_image_id": user.avatar_image_id,
            "default_visibility": user.default_visibility.value,
            "sensitive_media": user.sensitive_media.value,
            "role": user.role.value,
            "password_hash": user.password_hash,
            "application": user.application,
            "accepted_terms": user.accepted_terms,
        }
        await update_row(self._connection, "users", {"id": user.id}, changes)

    async def set_email(self, user_id: UserId, email: str, status: EmailStatus) -> None:
        try:
            await self._connection.execute(_SET_EMAIL, user_id, email, status.value)
        except asyncpg.UniqueViolationError as error:
            raise EmailTaken(email) from error

    async def set_privacy(
        self, user_id: UserId, now: datetime, *, private: bool | None = None, follow_approval: bool | None = None
    ) -> None:
        await self._connection.fetch(_LOCK_POSTS, user_id)
        await self._connection.fetch(_LOCK_REQUESTERS, user_id)
        await self._connection.execute(_SET_PRIVACY, user_id, private, follow_approval)
        await self._connection.execute(_SET_AUDIENCE, user_id)
        user = await self.get(user_id)
        if user is not None and accepts_waiting_requests(user):
            await self._connection.execute(_ACCEPT_ALL, user_id, now)

    async def delete(self, user_id: UserId, reserved_until: datetime) -> None:
        while not await self._lock_affected(user_id):
            pass
        for statement in (_DELETE_LIKES, _DELETE_COMMENTS, _DELETE_FOLLOWS):
            await self._connection.execute(statement, user_id)
        await self._connection.execute(_RESERVE_NAME, user_id, reserved_until)
        # Foreign keys delete posts, images, tokens and dependent rows.
        await self._connection.execute("delete from users where id = $1", user_id)

    async def delete_expired_reservations(self, now: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_RESERVATIONS, now))

    async def _lock_affected(self, user_id: UserId) -> bool:
        """Lock all posts and users that the account affects, in the global order (posts before users, both by id).
        Return False, with nothing locked, if more were affected meanwhile. Once the user is locked, nothing can be
        added."""
        await self._connection.execute("savepoint before_locks")
        locked = [await self._connection.fetch(f"{touched} order by id for update", user_id) for touched in _AFFECTED]
        present = [await self._connection.fetch(f"{touched} order by id", user_id) for touched in _AFFECTED]
        await self._connection.execute(f"{'release' if locked == present else 'rollback to'} savepoint before_locks")
        return locked == present


# Few rows: names of accounts that were deleted in the last 30 days.
_DELETE_RESERVATIONS = """
with gone as (delete from reserved_usernames where reserved_until <= $1 returning 1) select count(*) from gone"""

# reserved_usernames_pkey
_IS_RESERVED = "select true from reserved_usernames where username = $1 and reserved_until > $2"

# users_pkey
_GET = f"select {USER_COLUMNS} from users where id = $1 for no key update"
_SET_EMAIL = "update users set email = $2, email_status = $3 where id = $1"  # unique: users_held_email_idx

_POSTS = """
select id from posts
where author_id = $1
   or id in (select post_id from likes where user_id = $1)
   or id in (select post_id from comments where author_id = $1)
"""

_USERS = """
select id from users
where id = $1
   or id in (select followee_id from follows where follower_id = $1)
   or id in (select follower_id from follows where followee_id = $1)
"""

_AFFECTED = (_POSTS, _USERS)

# The counters change as in `domain.counters`: `undo` of what each deleted row counts.
_DELETE_LIKES = f"""
with gone as (delete from likes where user_id = $1 returning post_id, xid, created_at as liked_at),
 remembered as (insert into unlikes (post_id, liked_xid, liked_at) select post_id, xid, liked_at from gone)
update posts set like_count = like_count - 1, trending_key = {TRENDING_KEY.format(likes="like_count - 1")}
from gone where posts.id = gone.post_id
"""

_DELETE_COMMENTS = """
with gone as (delete from comments where author_id = $1 returning post_id),
 counted as (select post_id, count(*) as n from gone group by post_id)
update posts set comment_count = comment_count - counted.n from counted where posts.id = counted.post_id
"""

_DELETE_FOLLOWS = """
with gone as (delete from follows where follower_id = $1 or followee_id = $1 returning follower_id, followee_id),
 counted as (
  select id, sum(following)::int as following, sum(followers)::int as followers
  from (select follower_id as id, 1 as following, 0 as followers from gone
        union all select followee_id, 0, 1 from gone) as ends
  group by id)
update users set following_count = following_count - following, followers_count = followers_count - followers
from counted where users.id = counted.id
"""

# Posts before users, and both by id, the global order of locks. Once the user is locked, no request can be added.
# posts_author_id_id_idx, follow_requests_followee_idx
_LOCK_POSTS = "select from posts where author_id = $1 order by id for no key update"
_LOCK_REQUESTERS = """
select from users
where id = $1 or id in (select follower_id from follow_requests where followee_id = $1)
order by id for no key update
"""

_SET_PRIVACY = """
update users set private = coalesce($2, private), follow_approval = coalesce($3, follow_approval) where id = $1
"""

_SET_AUDIENCE = """
update posts set audience = case when private then 'followers' else visibility end
from users where users.id = $1 and author_id = $1
  and audience <> case when private then 'followers' else visibility end
"""

# `domain.counters.count_follow` for every accepted request
_ACCEPT_ALL = """
with accepted as (delete from follow_requests where followee_id = $1 returning follower_id),
 followed as (insert into follows (follower_id, followee_id, created_at) select follower_id, $1, $2 from accepted)
update users
set following_count = following_count + (id <> $1)::int,
    followers_count = followers_count + case when id = $1 then (select count(*) from accepted) else 0 end
where id = $1 or id in (select follower_id from accepted)
"""

_RESERVE_NAME = """
insert into reserved_usernames (username, reserved_until) select username, $2 from users where id = $1
on conflict (username) do update set reserved_until = excluded.reserved_until
"""


def _columns(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "email_status": user.email_status.value,
        "password_hash": user.password_hash,
        **_name_columns(user.display_name),
        "bio": user.bio,
        "avatar_image_id": user.avatar_image_id,
        "private": user.private,
        "follow_approval": user.follow_approval,
        "default_visibility": user.default_visibility.value,
        "sensitive_media": user.sensitive_media.value,
        "role": user.role.value,
        "application": user.application,
        "accepted_terms": user.accepted_terms,
        "followers_count": user.followers_count,
        "following_count": user.following_count,
        "posts_count": user.posts_count,
        "created_at": user.created_at,
    }


def _name_columns(display_name: str) -> dict[str, object]:
    return {"display_name": display_name, "folded_name": name_key(display_name), "name_version": INDEX_VERSION}
