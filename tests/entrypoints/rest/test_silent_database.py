"""The API while the database is silent: 503 with Retry-After, and normal answers afterwards."""

import asyncio

from adapters.postgres.database import Database
from tests.containers import postgres_container
from tests.databases import empty_database
from tests.entrypoints.rest.conftest import client_of, sign_up
from tests.entrypoints.rest.test_errors import expect_problem
from tests.frozen_proxy import frozen_proxy

LIMIT = 60
"""Seconds, far more than all timeouts of a test together."""


async def test_silent_database_is_answered_with_503_until_it_responds(database_url: str) -> None:
    await empty_database(database_url)
    async with frozen_proxy(database_url) as proxy, asyncio.timeout(LIMIT):
        database = Database(proxy.url, statement_timeout=200)
        async with client_of(postgres_container(database_url, database=database)) as client:
            headers = await sign_up(client, "ada")
            proxy.freeze(new_connections=True)
            answers = await asyncio.gather(
                *(client.get("/v1/me", headers=headers) for _ in range(12)),
                client.post("/v1/users", json={"username": "ben", "email": "b@example.com", "password": "a long one"}),
            )
            ready = await client.get("/readyz")

            for answer in answers:
                expect_problem(answer, 503, "busy")
                assert int(answer.headers["retry-after"]) > 0
            assert ready.status_code == 503

            proxy.thaw()
            while (answer := await client.get("/v1/me", headers=headers)).status_code == 503:
                assert "retry-after" in answer.headers
            assert answer.json()["username"] == "ada"
            assert (await client.get("/readyz")).status_code == 200
        await database.close()
