"""Settings that the inference service shares with the API."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.e2e.program import free_port
from tests.entrypoints.inference.service import serve_inference

METRICS = free_port()


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with serve_inference(home, TINTYPE_BODY_SECONDS="1", TINTYPE_METRICS_PORT=str(METRICS)) as url:
        yield url


def test_metrics_on_own_port(url: str) -> None:
    assert httpx.get(f"{url}/metrics").status_code == httpx.codes.NOT_FOUND
    assert "tintype_inference_" in httpx.get(f"http://127.0.0.1:{METRICS}/metrics").text


@pytest.mark.parametrize("path", ["/v1/classify", "/v1/classify?top=3", "/v2/models/mobilenet_v2/infer"])
def test_missing_body_is_answered_with_408(url: str, path: str) -> None:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b"abc")
    answer = connection.getresponse()
    assert answer.status == httpx.codes.REQUEST_TIMEOUT
    assert b"the body did not come in time: 3 bytes came" in answer.read()
    connection.close()
