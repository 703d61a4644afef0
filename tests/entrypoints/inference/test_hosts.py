"""Host names of the inference service: those of the API's settings."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.entrypoints.inference.service import serve_inference


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with serve_inference(home, TINTYPE_ALLOWED_HOSTS="inference, model.lan") as url:
        yield url


def get_with_hosts(url: str, path: str, *hosts: str) -> tuple[int, bytes]:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.putrequest("GET", path, skip_host=True)
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("host", ["inference:9000", "MODEL.lan", "localhost", "127.0.0.1:9000", "[::1]:9000"])
def test_own_names_and_addresses_are_answered(url: str, host: str) -> None:
    for path in ("/v2/health/live", "/doc", "/metrics"):
        assert get_with_hosts(url, path, host)[0] == httpx.codes.OK


@pytest.mark.parametrize("host", ["evil.example", "inference.evil.example", "localhost.evil.example:9000"])
def test_other_names_are_refused(url: str, host: str) -> None:
    status, body = get_with_hosts(url, "/doc", host)
    assert status == httpx.codes.BAD_REQUEST
    assert b"TINTYPE_ALLOWED_HOSTS" in body
    status, body = get_with_hosts(url, "/v2/models/mobilenet_v2", host)
    assert status == httpx.codes.BAD_REQUEST
    assert body.startswith(b'{"error":')


def test_health_checks_are_answered_for_any_name(url: str) -> None:
    for path in ("/healthz", "/v2/health/live", "/v2/health/ready"):
        assert get_with_hosts(url, path, "10-0-0-7.pod.cluster.local")[0] == httpx.codes.OK


def test_control_characters_in_path_are_protocol_errors(url: str) -> None:
    assert list(httpx.get(f"{url}/v2/models/x%0Ay").json()) == ["error"]
    assert httpx.get(f"{url}/v1/x%0Ay").json()["code"] == "malformed_path"
