import json

from adapters.postgres.database import Database, Row
from adapters.postgres.paging import below_id, make_page, page_statement
from domain.audit_log import Action, AuditLogReader, LogEntry
from domain.effects import Target, TargetKind
from domain.ids import LogEntryId, UserId
from domain.pages import Page, PageRequest

# audit_log_pkey
ENTRIES = page_statement(
    lambda rows: (
        "select id, created_at, actor_id, action, kind, target_id, user_id, details::text as details "
        f"from audit_log where id < $1 order by id desc limit {rows}"
    )
)


class PostgresAuditLogReader(AuditLogReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self, page: PageRequest) -> Page[LogEntry]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(ENTRIES(page), below_id(page))
        return make_page(rows, page, _entry_of)


def _entry_of(row: Row) -> LogEntry:
    return LogEntry(
        id=LogEntryId(row.id),
        created_at=row.created_at,
        actor_id=None if row.actor_id is None else UserId(row.actor_id),
        action=Action(row.action),
        target=Target(TargetKind(row.kind), row.target_id),
        user_id=UserId(row.user_id),
        details=json.loads(row.details),
    )
