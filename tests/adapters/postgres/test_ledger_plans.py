"""The ledger's statements for every caption use an index."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from adapters.postgres.caption_cache import DELETE_UNREFERENCED, FIND
from adapters.postgres.ledger import HAS_OPEN_CALL, SPENDING

FILL = """
insert into caption_calls (id, picture, model, prompt_version, image_id, user_id, began_at, usd, outcome)
select gen_random_uuid(), sha256(convert_to('image' || n, 'UTF8')), 'm', 'p/1', gen_random_uuid(),
       md5((n % 100)::text)::uuid, timestamptz '2026-03-01 00:00Z' + n * interval '1 minute', 0.0005,
       case when n % 100 = 0 then 'open' else 'answered' end
from generate_series(1, 30000) as n;
insert into caption_drafts (picture, model, prompt_version, declined)
select sha256(convert_to('image' || n, 'UTF8')), 'm', 'p/1', false from generate_series(1, 30000) as n;
"""
DAY = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
QUESTION = b"\x07" * 32, "m", "p/1"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(database_url)
    await connection.execute("delete from caption_calls; delete from caption_drafts")
    await connection.execute(FILL)
    await connection.execute("vacuum analyze caption_calls")
    await connection.execute("vacuum analyze caption_drafts")
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    ("statement", "arguments", "step"),
    [
        (SPENDING, (*DAY, UUID(int=7)), "Index Only Scan using caption_calls_began_at_idx"),
        (HAS_OPEN_CALL, (*QUESTION, DAY[0]), "caption_calls_open_idx"),
        (FIND, QUESTION, "caption_drafts_pkey"),
    ],
    ids=["spent", "open", "find"],
)
async def test_statement_uses_index(connection: Any, statement: str, arguments: tuple[object, ...], step: str) -> None:
    plan = "\n".join(row[0] for row in await connection.fetch(f"explain {statement}", *arguments))

    assert step in plan
    assert "Seq Scan" not in plan


async def test_answers_of_deleted_images_are_deleted_in_one_statement(connection: Any) -> None:
    assert await connection.fetchval(DELETE_UNREFERENCED) == 30_000
