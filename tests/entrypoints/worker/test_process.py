"""Stopping a worker process by signals."""

import asyncio
import logging
import signal
from collections.abc import Iterator

import pytest

from domain.vision import ImageClassifier, Model, Prediction
from entrypoints.worker.process import run_until_signal
from tests.containers import memory_container
from tests.entrypoints.worker.test_loop import TIMEOUT, upload_image


@pytest.fixture(autouse=True)
def _restore_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class StuckClassifier(ImageClassifier):
    """Never answers."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def model(self) -> Model | None:
        return Model("stuck", "1", "cpu")


async def test_signal_stops_idle_worker(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tintype.worker"):
        working = asyncio.create_task(run_until_signal(memory_container()))
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(working, TIMEOUT)
    assert "the worker has stopped" in caplog.text


async def test_second_signal_does_not_wait_for_job() -> None:
    classifier = StuckClassifier()
    container = memory_container(classifier=classifier)
    await upload_image(container)
    working = asyncio.create_task(run_until_signal(container))
    await asyncio.wait_for(classifier.begun.wait(), TIMEOUT)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(working, TIMEOUT)
