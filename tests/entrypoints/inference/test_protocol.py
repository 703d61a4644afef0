"""The Open Inference Protocol with NVIDIA's client and with hostile clients."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import httpx
import numpy as np
import pytest
import tritonclient.http as triton  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tritonclient.utils import InferenceServerException  # type: ignore[import-untyped]

from entrypoints.inference.admission import MAX_JSON
from tests.models import BLUE_CLASS, GREEN_CLASS, RED_CLASS

MODEL = "/v2/models/mobilenet_v2"
COLOURS = np.eye(3, dtype=np.float32)[:, np.newaxis, np.newaxis, :] * np.ones((3, 224, 224, 3), dtype=np.float32)


@pytest.fixture
def client(url: str) -> Iterator[Any]:
    client = triton.InferenceServerClient(url.removeprefix("http://"))
    yield client
    client.close()


def infer_inputs(images: NDArray[np.float32], *, binary: bool) -> list[Any]:
    tensor = triton.InferInput("inputs", list(images.shape), "FP32")
    tensor.set_data_from_numpy(images, binary_data=binary)
    return [tensor]


def test_service_is_live_and_ready_with_metadata(client: Any) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("mobilenet_v2")
    assert client.get_server_metadata()["extensions"] == ["binary_tensor_data"]
    found = client.get_model_metadata("mobilenet_v2")
    assert found["inputs"] == [{"name": "inputs", "datatype": "FP32", "shape": [-1, 224, 224, 3]}]
    assert [output["name"] for output in found["outputs"]] == ["logits", "embedding"]
    assert client.is_model_ready("mobilenet_v2", found["versions"][0])


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
def test_tensors_as_json_and_as_bytes(client: Any, binary_in: bool, binary_out: bool) -> None:
    wanted = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in ("logits", "embedding")]
    found = client.infer("mobilenet_v2", infer_inputs(COLOURS, binary=binary_in), outputs=wanted, request_id="seven")
    assert found.get_response()["id"] == "seven"
    assert (found.as_numpy("logits")[:, 1:].argmax(axis=1)).tolist() == [RED_CLASS, GREEN_CLASS, BLUE_CLASS]
    assert found.as_numpy("embedding")[:, :3] == pytest.approx(np.eye(3), abs=1e-5)


def test_only_requested_outputs_are_sent(client: Any) -> None:
    found = client.infer(
        "mobilenet_v2", infer_inputs(COLOURS[:1], binary=True), outputs=[triton.InferRequestedOutput("logits")]
    )
    assert found.as_numpy("embedding") is None
    assert client.infer("mobilenet_v2", infer_inputs(COLOURS[:1], binary=True)).as_numpy("embedding").shape == (1, 1280)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((1, 192, 192, 3), np.float32), "takes [N, 224, 224, 3]"),
        (np.zeros((65, 224, 224, 3), np.float32), "1-64 are allowed"),
    ],
)
def test_tensor_of_wrong_size_is_refused(client: Any, images: NDArray[np.float32], said: str) -> None:
    with pytest.raises(InferenceServerException) as refused:
        client.infer("mobilenet_v2", infer_inputs(images, binary=True))
    assert said in refused.value.message()


def test_tensor_of_wrong_type_is_refused(client: Any) -> None:
    tensor = triton.InferInput("inputs", [1, 224, 224, 3], "FP64")
    tensor.set_data_from_numpy(np.zeros((1, 224, 224, 3)), binary_data=True)
    with pytest.raises(InferenceServerException) as refused:
        client.infer("mobilenet_v2", [tensor])
    assert "'FP32'" in refused.value.message()


@pytest.mark.parametrize("pixel", [float("nan"), float("inf"), -1, 255])
@pytest.mark.parametrize("binary", [True, False])
def test_values_out_of_range_are_refused(client: Any, pixel: float, binary: bool) -> None:
    images = COLOURS.copy()
    images[1, 100, 100, 1] = pixel
    with pytest.raises(InferenceServerException) as refused:
        client.infer("mobilenet_v2", infer_inputs(images, binary=binary))
    assert "RGB from 0 to 1" in refused.value.message()


def test_other_model_or_version_is_not_found(client: Any) -> None:
    for name, version in (("resnet", ""), ("mobilenet_v2", "0")):
        with pytest.raises(InferenceServerException) as refused:
            client.infer(name, infer_inputs(COLOURS[:1], binary=True), model_version=version)
        assert "this server has" in refused.value.message()


def encode_tensor(**changed: object) -> bytes:
    tensor = {"name": "inputs", "datatype": "FP32", "shape": [1, 224, 224, 3], "data": [], **changed}
    return json.dumps({"inputs": [tensor]}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"inputs": []}',
        b'{"inputs": [1]}',
        b'{"inputs": {"name": "inputs"}}',
        encode_tensor(shape="224"),
        encode_tensor(shape=[1, -1, 224, 3]),
        encode_tensor(shape=[1 << 40, 1 << 40, 1 << 40]),
        encode_tensor(data="zeros"),
        encode_tensor(data=[1, [2]]),
        encode_tensor(data=["a"]),
        encode_tensor(data=[[1, 2], 3]),
        encode_tensor(parameters={"binary_data_size": 12}),
        encode_tensor(parameters={"binary_data_size": "all"}),
        encode_tensor(data=[1e400] * 3),
        b'{"inputs": [{"name": "\xff"}]}',
    ],
)
def test_malformed_request_is_protocol_error(url: str, body: bytes) -> None:
    answer = httpx.post(f"{url}{MODEL}/infer", content=body)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize("field", ["name", "datatype", "shape", "data", "parameters"])
def test_deeply_nested_json_is_refused(url: str, field: str) -> None:
    for depth in (10, 100, 950, 3_000, 100_000):
        for nested in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
            body = encode_tensor(**{field: "nested"}).replace(b'"nested"', nested)
            answer = httpx.post(f"{url}{MODEL}/infer", content=body)
            assert (answer.status_code, list(answer.json())) == (400, ["error"])
            assert ("levels deep; at most" in answer.json()["error"]) == (depth > 10)


@pytest.mark.parametrize(
    "changed", [{"name": "x" * 3_000_000}, {"datatype": ["x"] * 100_000}, {"shape": [1] * 500_000}]
)
def test_error_quotes_beginning_of_wrong_value_only(url: str, changed: dict[str, object]) -> None:
    answer = httpx.post(f"{url}{MODEL}/infer", content=encode_tensor(**changed))
    assert (answer.status_code, len(answer.content) < 500) == (400, True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [("[" + "[]," * 300_000 + "[]]", "300,006 objects and lists"), ("[" + "9" * 5_000 + "]", "more than 4,300 digits")],
)
def test_json_that_costs_the_parser_too_much_is_refused(url: str, data: str, reason: str) -> None:
    answer = httpx.post(f"{url}{MODEL}/infer", content=encode_tensor(data="DATA").replace(b'"DATA"', data.encode()))
    assert (answer.status_code, reason in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize("length", ["-1", "x", "999999", "3", "9" * 5_000])
def test_wrong_head_length_is_refused(url: str, length: str) -> None:
    headers = {"Inference-Header-Content-Length": length}
    answer = httpx.post(f"{url}{MODEL}/infer", content=encode_tensor(), headers=headers)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_http_errors_are_protocol_errors(url: str) -> None:
    for answer in (httpx.get(f"{url}/v2/nothing"), httpx.post(f"{url}/v2/health/live")):
        assert list(answer.json()) == ["error"]
    assert httpx.get(f"{url}/nothing").json()["code"] == "not_found"


def test_too_large_body_is_refused_without_reading(url: str) -> None:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", f"{MODEL}/infer")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, "at most" in json.loads(answer.read())["error"]) == (413, True)
    connection.close()


def test_json_has_own_limit(url: str) -> None:
    """Parsed JSON takes thirty times as much memory: larger inputs are sent as raw bytes."""
    too_large = b" " * (MAX_JSON + 1)
    for content in (too_large, iter([too_large])):
        answer = httpx.post(f"{url}{MODEL}/infer", content=content)
        assert answer.status_code == 413
        assert "binary_data_size" in answer.json()["error"]
    headers = {"Inference-Header-Content-Length": str(len(too_large))}
    answer = httpx.post(f"{url}{MODEL}/infer", content=too_large, headers=headers)
    assert (answer.status_code, "binary_data_size" in answer.json()["error"]) == (413, True)


def test_json_reserves_memory_of_parsed_form(url: str) -> None:
    """Two announced bodies take the budget, so a third large one is refused."""
    waiting = []
    try:
        for _ in range(2):
            connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
            connection.putrequest("POST", f"{MODEL}/infer")
            connection.putheader("Content-Length", str(MAX_JSON))
            connection.endheaders(b" ")
            waiting.append(connection)
        answer = wait_for_refusal(url)
        assert answer.headers["retry-after"] == "1"
    finally:
        for connection in waiting:
            connection.close()


def wait_for_refusal(url: str) -> httpx.Response:
    """The first refusal: the server may not have read the other requests' heads yet."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = httpx.post(f"{url}{MODEL}/infer", content=b" " * (1 << 20))
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return answer
    raise AssertionError(f"everything was let in: {answer.text}")
