from typing import Any

from adapters.postgres.database import Database, Row
from adapters.postgres.paging import below_id, make_page, page_statement
from domain.effects import Target, TargetKind
from domain.ids import ReportGroupId, ReportId, UserId
from domain.pages import Page, PageRequest
from domain.reports import MAX_COUNTED, Reason, Report, ReportGroup, ReportReader, count_reasons


def _group_query(condition: str, rows: int) -> str:
    # reports_group_id_id_idx
    return f"""
select groups.*, array(
  select reason from reports where group_id = groups.id order by id desc limit {MAX_COUNTED}) as reasons
from report_groups as groups where {condition} order by id desc limit {rows}"""


# report_groups_open_idx
OPEN = page_statement(lambda rows: _group_query("closed_at is null and id < $1", rows))

# report_groups_pkey
GROUP = _group_query("id = $1", 1)

# reports_group_id_id_idx, report_groups_pkey
OF_GROUP = page_statement(
    lambda rows: (
        f"""
select reports.*, kind, target_id, user_id
from reports join report_groups on report_groups.id = group_id
where group_id = $1 and reports.id < $2 order by reports.id desc limit {rows}"""
    )
)


class PostgresReportReader(ReportReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_groups(self, page: PageRequest) -> Page[ReportGroup]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OPEN(page), below_id(page))
        return make_page(rows, page, _group_of)

    async def group(self, group_id: ReportGroupId) -> ReportGroup | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(GROUP, group_id)
        return _group_of(row) if row else None

    async def of_group(self, group_id: ReportGroupId, page: PageRequest) -> Page[Report]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_GROUP(page), group_id, below_id(page))
        return make_page(rows, page, report_of)


def report_of(row: Any) -> Report:
    """Return the report from all columns of `reports`, and the target and user of its group."""
    return Report(
        id=ReportId(row["id"]),
        target=Target(TargetKind(row["kind"]), row["target_id"]),
        user_id=UserId(row["user_id"]),
        reporter_id=None if row["reporter_id"] is None else UserId(row["reporter_id"]),
        reason=Reason(row["reason"]),
        note=row["note"],
        created_at=row["created_at"],
    )


def _group_of(row: Row) -> ReportGroup:
    return ReportGroup(
        id=ReportGroupId(row.id),
        target=Target(TargetKind(row.kind), row.target_id),
        user_id=UserId(row.user_id),
        reports_count=row.reports_count,
        created_at=row.created_at,
        reported_at=row.reported_at,
        reasons=count_reasons(Reason(reason) for reason in row.reasons),
    )
