from dataclasses import replace
from datetime import datetime

from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from domain.effects import Target
from domain.ids import ReportGroupId
from domain.reports import Report, ReportGroup, Reports


class MemoryReports(Reports):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, report: Report, group_id: ReportGroupId) -> Report:
        tables = await self._transaction.tables()
        at = report.created_at
        group = _open_group(tables, report.target) or ReportGroup(group_id, report.target, report.user_id, 0, at, at)
        for known_id, known in tables.reports.values():
            if known_id == group.id and known.reporter_id == report.reporter_id and report.reporter_id is not None:
                return known
        tables.reports[report.id] = group.id, report
        tables.report_groups[group.id] = replace(group, reports_count=group.reports_count + 1, reported_at=at)
        return report

    async def close(self, target: Target, now: datetime) -> None:
        tables = await self._transaction.tables()
        if group := _open_group(tables, target):
            tables.closed_groups[group.id] = now


def _open_group(tables: Tables, target: Target) -> ReportGroup | None:
    groups = (group for group in tables.report_groups.values() if group.target == target)
    return next((group for group in groups if group.id not in tables.closed_groups), None)
