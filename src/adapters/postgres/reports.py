from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.report_reader import report_of
from domain.effects import Target
from domain.ids import ReportGroupId
from domain.reports import Report, Reports
from domain.users import UserNotFound

# users_pkey. Users are locked before groups, as by a decision about a user.
_LOCK_REPORTER = "select from users where id = $1 for key share"

# report_groups_target_id_idx. Of concurrent first reports one inserts; the others wait for it here and lock its row.
_OPEN = """
insert into report_groups (id, kind, target_id, user_id, reports_count, created_at, reported_at)
values ($1, $2, $3, $4, 0, $5, $5)
on conflict (target_id) where closed_at is null do update set reported_at = report_groups.reported_at
returning id"""

# reports_group_id_reporter_id_key
_FIND = """
select reports.*, kind, target_id, user_id
from reports join report_groups on report_groups.id = group_id
where group_id = $1 and reporter_id = $2"""

_ADD = "insert into reports (id, group_id, reporter_id, reason, note, created_at) values ($1, $2, $3, $4, $5, $6)"

# report_groups_pkey
_COUNT = "update report_groups set reports_count = reports_count + 1, reported_at = $2 where id = $1"

# report_groups_target_id_idx
_CLOSE = "update report_groups set closed_at = $2 where target_id = $1 and closed_at is null"


class PostgresReports(Reports):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, report: Report, group_id: ReportGroupId) -> Report:
        if report.reporter_id is not None and not await self._connection.fetch(_LOCK_REPORTER, report.reporter_id):
            raise UserNotFound
        target = report.target
        at = report.created_at
        opened = await self._connection.fetchval(_OPEN, group_id, target.kind.value, target.id, report.user_id, at)
        if existing := await self._connection.fetchrow(_FIND, opened, report.reporter_id):
            return report_of(existing)
        await self._connection.execute(
            _ADD, report.id, opened, report.reporter_id, report.reason.value, report.note, report.created_at
        )
        await self._connection.execute(_COUNT, opened, at)
        return report

    async def close(self, target: Target, now: datetime) -> None:
        await self._connection.execute(_CLOSE, target.id, now)
