import json

from adapters.postgres.database import Connection
from domain.audit_log import AuditLog, LogEntry

_ADD = """
insert into audit_log (id, created_at, actor_id, action, kind, target_id, user_id, details)
values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)"""


class PostgresAuditLog(AuditLog):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, entry: LogEntry) -> None:
        target = (entry.target.kind.value, entry.target.id)
        row = (entry.id, entry.created_at, entry.actor_id, entry.action.value, *target, entry.user_id)
        await self._connection.execute(_ADD, *row, json.dumps(dict(entry.details)))
