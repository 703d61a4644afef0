from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.rows import invite_of
from domain.invites import Invite, InviteReader
from domain.pages import Page, PageRequest

# invites_pkey, users_pkey
ALL_INVITES = page_statement(
    lambda rows: (
        f"""
select invites.*, users.username as creator from invites left join users on users.id = created_by
where invites.id < $1 order by invites.id desc limit {rows}"""
    )
)


class PostgresInviteReader(InviteReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_invites(self, page: PageRequest) -> Page[Invite]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(ALL_INVITES(page), below_id(page))
        return make_page(rows, page, invite_of)
