"""Client addresses, with and without proxies."""

import pytest

from entrypoints.asgi import create_app
from entrypoints.settings import Settings
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import client_at, repeat_until_refused

PROXY = "10.0.0.2"
SEARCH = "/v1/search?q=dog"


@pytest.mark.parametrize(
    ("forwarded", "same"),
    [
        ("198.51.100.1", ["1.2.3.4, 198.51.100.1", "198.51.100.1, 10.9.9.9", "198.51.100.1:5000"]),
        ("2001:db8:1:2::1", ["2001:db8:1:2:ffff::9", "[2001:db8:1:2::3]:443"]),
        ("unknown", [PROXY]),
    ],
)
async def test_rightmost_untrusted_hop_is_client(
    make_container: MakeContainer, forwarded: str, same: list[str]
) -> None:
    networks = Settings(trusted_proxies="10.0.0.0/8").config()["trusted_networks"]
    async with client_at(create_app(make_container(trusted_networks=networks)), PROXY) as client:
        await repeat_until_refused(lambda: client.get(SEARCH, headers={"X-Forwarded-For": forwarded}))

        others = [await client.get(SEARCH, headers={"X-Forwarded-For": hops}) for hops in same]
        another = await client.get(SEARCH, headers={"X-Forwarded-For": "192.0.2.200"})

    assert {answer.status_code for answer in others} == {429}
    assert another.status_code == 200


async def test_forwarded_header_of_untrusted_client_is_ignored(make_container: MakeContainer) -> None:
    numbers = iter(range(1, 200))
    async with client_at(create_app(make_container())) as client:
        taken, _ = await repeat_until_refused(
            lambda: client.get(SEARCH, headers={"X-Forwarded-For": f"192.0.2.{next(numbers)}"})
        )

    assert taken == 60


def test_invalid_proxy_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"use addresses or networks, such as 10\.0\.0\.0/8"):
        Settings(trusted_proxies="my-proxy")
