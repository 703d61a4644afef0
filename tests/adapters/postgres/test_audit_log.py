"""The database refuses changes of the audit log."""

import asyncpg
import pytest

from domain.audit_log import Action, LogEntry
from domain.effects import Target, TargetKind
from domain.ids import LogEntryId
from domain.pages import PageRequest
from tests.contracts.postgres import postgres_harness
from tests.databases import empty_database

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set action = 'other'",
        "delete from audit_log",
        "delete from audit_log where false",
        "truncate audit_log",
    ],
)
async def test_audit_log_is_append_only(database_url: str, statement: str) -> None:
    await empty_database(database_url)
    async with postgres_harness(database_url) as harness:
        ada = await harness.add_user("ada")
        target = Target(TargetKind.USER, ada.id)
        entry = LogEntry(LogEntryId(harness.new_id()), harness.now(), ada.id, Action.DECISION, target, ada.id)
        async with harness.storage.begin() as uow:
            await uow.audit_log.add(entry)
            await uow.commit()
        connection = await asyncpg.connect(database_url)

        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(statement)

        await connection.close()
        assert (await harness.storage.audit_log_reader.entries(PageRequest())).items == (entry,)
