"""The hosts of a URL: each is tried within a time limit, and the one that answers is tried first from then on."""

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from adapters.postgres.hosts import Hosts, single_host_urls
from tests.frozen_proxy import frozen_proxy


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://a:b@one/x?sslmode=disable", ["postgresql://a:b@one/x?sslmode=disable"]),
        ("postgresql://a:b@one,two:5433/x", ["postgresql://a:b@one/x", "postgresql://a:b@two:5433/x"]),
        ("postgresql://[::1]:5,[::2]/x", ["postgresql://[::1]:5/x", "postgresql://[::2]/x"]),
        ("postgresql:///x?host=/run&port=6", ["postgresql:///x?host=/run&port=6"]),
        ("postgresql:///x?host=a,b&port=6", ["postgresql:///x?host=a&port=6", "postgresql:///x?host=b&port=6"]),
        ("postgresql:///x?host=a,b&port=6,7", ["postgresql:///x?host=a&port=6", "postgresql:///x?host=b&port=7"]),
        ("postgresql://", ["postgresql://"]),
    ],
)
def test_hosts_of_url(url: str, expected: list[str]) -> None:
    assert single_host_urls(url) == expected


def test_failed_host_is_tried_last() -> None:
    url, hosts = "postgresql://one,two,three/x", Hosts()
    one, two, three = hosts.in_order(url)

    hosts.move_to_end(one)

    assert hosts.in_order(url) == (two, three, one)
    assert hosts.in_order("postgresql://other/x") == ("postgresql://other/x",)


@pytest.fixture
def silent_host() -> Iterator[str]:
    """A host that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        yield f"{host}:{port}"


def add_host(url: str, host: str) -> str:
    """The URL with another host before its own."""
    parts = urlsplit(url)
    user, _, own = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}@{host},{own}").geturl()


async def test_silent_host_is_passed_over(database_url: str, silent_host: str) -> None:
    async with frozen_proxy(database_url) as proxy:
        database = Database(add_host(proxy.url, silent_host))
        async with asyncio.timeout(20):
            for _ in range(3):
                async with database.connection() as connection, database.transaction() as transaction:
                    assert await connection.fetchval("select 1") == await transaction.connection.fetchval("select 1")
        await database.close()


async def test_server_with_other_role_is_passed_over(database_url: str) -> None:
    async with frozen_proxy(database_url) as proxy:
        host = urlsplit(proxy.url).netloc.rpartition("@")[2]
        database = Database(f"{add_host(proxy.url, host)}?target_session_attrs=standby")
        with pytest.raises(DatabaseUnavailable) as refused:
            async with database.connection():
                pass

    assert "None of the hosts match" in refused.value.operator_message


async def test_message_names_each_host(silent_host: str) -> None:
    database = Database(f"postgresql://nobody@127.0.0.1:1,{silent_host}/nothing")

    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as refused:
        async with database.connection():
            pass

    assert "127.0.0.1:1: " in refused.value.operator_message
    assert f"{silent_host}: no answer" in refused.value.operator_message
