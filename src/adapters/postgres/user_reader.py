from functools import partial
from typing import Any

from adapters.postgres.database import Database
from adapters.postgres.paging import PagedStatement, below_id, below_time, make_page, page_statement
from adapters.postgres.rows import user_of
from adapters.postgres.views import profile_of, profile_view
from adapters.postgres.visibility import MODERATES, VISIBLE, not_blocked, not_in_effect
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile, UserReader
from domain.users import User

_ACTIVE = not_in_effect("users.suspended_until")

# A blocked viewer finds the profile only to remove a block of their own. Others do not find an account whose sign-up
# waits for approval.
_CAN_FIND = f"""({not_blocked("$1", "users.id")}
    or exists (select from blocks where blocker_id = $1 and blocked_id = users.id))
  and ({_ACTIVE} or users.id = $1 or {MODERATES.format(viewer="$1")})
  and (users.application is null or users.id = $1)"""

# users_username_key
BY_USERNAME = profile_view(f"""
select users.*, 0 as key from users
where username = $2 and {_CAN_FIND}""")

# users_pkey
BY_ID = profile_view(f"select users.*, 0 as key from users where users.id = $2 and {_CAN_FIND}")

# users_username_key
ACCOUNT = profile_view("select users.*, 0 as key from users where $1::uuid is null and username = $2")

# users_username_key, users_held_email_idx. The condition is `domain.users.User.holds_email`.
BY_LOGIN = "select * from users where username = $1 or (email = $1 and email_status <> 'claimed')"

# follows_followers_idx
FOLLOWERS = page_statement(
    lambda rows: profile_view(f"""
select users.*, follows.created_at as key from follows join users on users.id = follows.follower_id
where followee_id = $2 and (follows.created_at, follower_id) < ($3, $4) and {not_blocked("$1", "follower_id")}
  and {_ACTIVE}
order by follows.created_at desc, follower_id desc limit {rows}""")
)

# follows_following_idx
FOLLOWING = page_statement(
    lambda rows: profile_view(f"""
select users.*, follows.created_at as key from follows join users on users.id = follows.followee_id
where follower_id = $2 and (follows.created_at, followee_id) < ($3, $4) and {not_blocked("$1", "followee_id")}
  and {_ACTIVE}
order by follows.created_at desc, followee_id desc limit {rows}""")
)

# likes_of_post_idx
LIKERS = page_statement(
    lambda rows: profile_view(f"""
select users.*, likes.created_at as key from likes join users on users.id = likes.user_id
where post_id = $2 and (likes.created_at, user_id) < ($3, $4) and {not_blocked("$1", "likes.user_id")}
  and {_ACTIVE}
  and exists (select from posts where posts.id = $2 and {VISIBLE})
order by likes.created_at desc, user_id desc limit {rows}""")
)

# follow_requests_followee_idx
REQUESTERS = page_statement(
    lambda rows: profile_view(f"""
select users.*, asked.created_at as key from follow_requests as asked join users on users.id = asked.follower_id
where followee_id = $1 and (asked.created_at, follower_id) < ($2, $3) and {_ACTIVE}
order by asked.created_at desc, follower_id desc limit {rows}""")
)

# blocks_blocker_idx
BLOCKED = page_statement(
    lambda rows: profile_view(f"""
select users.*, blocks.created_at as key from blocks join users on users.id = blocks.blocked_id
where blocker_id = $1 and (blocks.created_at, blocked_id) < ($2, $3)
order by blocks.created_at desc, blocked_id desc limit {rows}""")
)

# mutes_muter_idx
MUTED = page_statement(
    lambda rows: profile_view(f"""
select users.*, mutes.created_at as key from mutes join users on users.id = mutes.muted_id
where muter_id = $1 and (mutes.created_at, muted_id) < ($2, $3) and {not_blocked("$1", "muted_id")}
order by mutes.created_at desc, muted_id desc limit {rows}""")
)

# users_pending_idx
PENDING = page_statement(
    lambda rows: profile_view(
        f"select users.*, 0 as key from users where application is not null and id < $2 order by id desc limit {rows}"
    )
)

# users_pkey
ALL_USERS = page_statement(
    lambda rows: profile_view(f"select users.*, 0 as key from users where id < $2 order by id desc limit {rows}")
)


class PostgresUserReader(UserReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_username(self, username: str, viewer: UserId | None) -> Profile | None:
        return await self._profile(BY_USERNAME, viewer, username)

    async def by_id(self, user_id: UserId, viewer: UserId | None) -> Profile | None:
        return await self._profile(BY_ID, viewer, user_id)

    async def account(self, username: str) -> Profile | None:
        return await self._profile(ACCOUNT, None, username)

    async def _profile(self, statement: str, viewer: UserId | None, key: object) -> Profile | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(statement, viewer, key)
        return profile_of(row, viewer) if row else None

    async def by_login(self, name_or_email: str) -> User | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(BY_LOGIN, name_or_email)
        return user_of(row) if row else None

    async def followers(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        return await self._page(page, FOLLOWERS, viewer, of, *below_time(page))

    async def following(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        return await self._page(page, FOLLOWING, viewer, of, *below_time(page))

    async def likers(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        return await self._page(page, LIKERS, viewer, post_id, *below_time(page))

    async def requesters(self, of: UserId, page: PageRequest) -> Page[Profile]:
        return await self._page(page, REQUESTERS, of, *below_time(page))

    async def blocked_by(self, blocker: UserId, page: PageRequest) -> Page[Profile]:
        return await self._page(page, BLOCKED, blocker, *below_time(page))

    async def muted_by(self, muter: UserId, page: PageRequest) -> Page[Profile]:
        return await self._page(page, MUTED, muter, *below_time(page))

    async def pending(self, page: PageRequest) -> Page[Profile]:
        return await self._page(page, PENDING, None, below_id(page))

    async def all_users(self, page: PageRequest) -> Page[Profile]:
        return await self._page(page, ALL_USERS, None, below_id(page))

    async def _page(
        self, page: PageRequest, statement: PagedStatement, viewer: UserId | None, *arguments: Any
    ) -> Page[Profile]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement(page), viewer, *arguments)
        return make_page(rows, page, partial(profile_of, viewer=viewer))
