from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.second_factors import factor_of
from domain.ids import FactorId, UserId
from domain.pages import Page, PageRequest
from domain.second_factors import SecondFactor, SecondFactorReader

# second_factors_user_id_id_idx
OF_USER = page_statement(
    lambda rows: f"select * from second_factors where user_id = $1 and id < $2 order by id desc limit {rows}"
)

# second_factors_pkey
BY_ID = "select * from second_factors where user_id = $1 and id = $2"


class PostgresSecondFactorReader(SecondFactorReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[SecondFactor]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_USER(page), user_id, below_id(page))
        return make_page(rows, page, factor_of)

    async def by_id(self, user_id: UserId, factor_id: FactorId) -> SecondFactor | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(BY_ID, user_id, factor_id)
        return factor_of(row) if row else None
