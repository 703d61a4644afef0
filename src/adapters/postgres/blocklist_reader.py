from adapters.postgres.blocklist import ENTRY, entry_of
from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, make_page, page_statement
from domain.blocklist import BlocklistReader, Entry
from domain.pages import Page, PageRequest

# blocklist_entries_pkey
ENTRIES = page_statement(
    lambda rows: f"select {ENTRY} from blocklist_entries where id < $1 order by id desc limit {rows}"
)


class PostgresBlocklistReader(BlocklistReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self, page: PageRequest) -> Page[Entry]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(ENTRIES(page), below_id(page))
        return make_page(rows, page, entry_of)
