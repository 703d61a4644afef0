from collections.abc import Sequence
from typing import Any

from adapters.postgres.database import Database
from adapters.postgres.paging import PagedStatement, below_id, make_page, page_statement
from adapters.postgres.visibility import not_in_effect
from domain.appeals import Appeal, Outcome
from domain.decisions import MAX_OTHERS, Decision, DecisionReader
from domain.effects import Effect, Target, TargetKind
from domain.ids import DecisionId, ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Role, moderating_roles

# decisions_pkey
FIND = "select * from decisions where id = $1"

# posts_pkey; comments_pkey; images_pkey; users_pkey
USER_OF = {
    TargetKind.POST: "select author_id from posts where id = $1",
    TargetKind.COMMENT: "select author_id from comments where id = $1",
    TargetKind.IMAGE: "select owner_id from images where id = $1",
    TargetKind.USER: "select id from users where id = $1",
}
POST_OF = "select post_id from images where id = $1"

# users_role_idx
MODERATORS = f"""
select id from users
where role <> 'user' and role = any($1::text[]) and id <> $2 and {not_in_effect("suspended_until")}
limit {MAX_OTHERS}"""

# decisions_target_id_idx
IN_FORCE = f"""
select * from decisions
where target_id = $1 and kind = $2 and in_force and (until is null or not {not_in_effect("until")})"""

# decisions_user_id_id_idx
ABOUT = page_statement(
    lambda rows: (
        f"select * from decisions where user_id = $1 and id < $2 and effect <> 'none' order by id desc limit {rows}"
    )
)

# decisions_appealed_idx
APPEALED = page_statement(
    lambda rows: (
        f"""
select * from decisions where appealed_at is not null and appeal_decided_at is null and id < $1
order by id desc limit {rows}"""
    )
)


class PostgresDecisionReader(DecisionReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, decision_id: DecisionId) -> Decision | None:
        return await self._find(FIND, decision_id)

    async def user_of(self, target: Target) -> UserId | None:
        async with self._database.connection() as connection:
            found = await connection.fetchval(USER_OF[target.kind], target.id)
        return _user_id(found)

    async def post_of(self, image_id: ImageId) -> PostId | None:
        async with self._database.connection() as connection:
            found = await connection.fetchval(POST_OF, image_id)
        return None if found is None else PostId(found)

    async def moderators_of(self, role: Role, other_than: UserId) -> Sequence[UserId]:
        roles = [one.value for one in moderating_roles(role)]
        async with self._database.connection() as connection:
            rows = await connection.fetch(MODERATORS, roles, other_than)
        return [UserId(row.id) for row in rows]

    async def in_force(self, target: Target) -> Decision | None:
        return await self._find(IN_FORCE, target.id, target.kind.value)

    async def _find(self, statement: str, *arguments: Any) -> Decision | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(statement, *arguments)
        return decision_of(row) if row else None

    async def about(self, user_id: UserId, page: PageRequest) -> Page[Decision]:
        return await self._page(page, ABOUT, user_id, below_id(page))

    async def appealed(self, page: PageRequest) -> Page[Decision]:
        return await self._page(page, APPEALED, below_id(page))

    async def _page(self, page: PageRequest, statement: PagedStatement, *arguments: Any) -> Page[Decision]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement(page), *arguments)
        return make_page(rows, page, decision_of)


def decision_of(row: Any) -> Decision:
    """Return the decision from all columns of `decisions`."""
    return Decision(
        id=DecisionId(row["id"]),
        target=Target(TargetKind(row["kind"]), row["target_id"]),
        user_id=UserId(row["user_id"]),
        moderator_id=_user_id(row["moderator_id"]),
        rule=row["rule"],
        reason=row["reason"],
        effect=Effect(row["effect"]),
        until=row["until"],
        created_at=row["created_at"],
        in_force=row["in_force"],
        appeal=_appeal_of(row),
    )


def _appeal_of(row: Any) -> Appeal | None:
    if row["appealed_at"] is None:
        return None
    return Appeal(
        text=row["appeal"],
        created_at=row["appealed_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        answer=row["answer"],
        moderator_id=_user_id(row["appeal_moderator_id"]),
        decided_at=row["appeal_decided_at"],
    )


def _user_id(value: Any) -> UserId | None:
    return None if value is None else UserId(value)
