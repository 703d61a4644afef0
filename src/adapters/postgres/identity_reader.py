from adapters.postgres.database import Database
from adapters.postgres.identities import identity_of
from adapters.postgres.paging import below_id, make_page, page_statement
from domain.identities import Identity, IdentityReader
from domain.ids import UserId
from domain.pages import Page, PageRequest

# identities_user_id_id_idx
OF_USER = page_statement(
    lambda rows: f"select * from identities where user_id = $1 and id < $2 order by id desc limit {rows}"
)


class PostgresIdentityReader(IdentityReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Identity]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_USER(page), user_id, below_id(page))
        return make_page(rows, page, identity_of)
