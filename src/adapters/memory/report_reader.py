from dataclasses import replace

from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.ids import ReportGroupId
from domain.pages import Page, PageRequest
from domain.reports import MAX_COUNTED, Report, ReportGroup, ReportReader, count_reasons


class MemoryReportReader(ReportReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def open_groups(self, page: PageRequest) -> Page[ReportGroup]:
        tables = self._store.committed
        groups = [group for group in tables.report_groups.values() if group.id not in tables.closed_groups]
        return highest_first([Entry(group, group.id) for group in groups], page, self._with_reasons)

    async def group(self, group_id: ReportGroupId) -> ReportGroup | None:
        group = self._store.committed.report_groups.get(group_id)
        return self._with_reasons(group) if group else None

    async def of_group(self, group_id: ReportGroupId, page: PageRequest) -> Page[Report]:
        return highest_first([Entry(one, one.id) for one in self._reports(group_id)], page, lambda one: one)

    def _reports(self, group_id: ReportGroupId) -> list[Report]:
        return [report for known_id, report in self._store.committed.reports.values() if known_id == group_id]

    def _with_reasons(self, group: ReportGroup) -> ReportGroup:
        newest = sorted(self._reports(group.id), key=lambda report: report.id, reverse=True)[:MAX_COUNTED]
        return replace(group, reasons=count_reasons(report.reason for report in newest))
