from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.inference.classifier import HttpImageClassifier
from adapters.onnx.models import OnnxModelStore
from domain.errors import Unavailable
from domain.limits import Limits
from domain.vision import ImageClassifier
from tests.contracts.image_classifier import ImageClassifierContract
from tests.decoders import POOL
from tests.e2e.program import free_port
from tests.entrypoints.inference.service import serve_inference
from tests.models import BLUE_CLASS, tiny_model
from tests.sample_images import a_jpeg

BLUE = a_jpeg(colour=(0, 0, 255))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("inference")
    OnnxModelStore(home).install(tiny_model(home / "tiny.onnx"))
    return home


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with serve_inference(home) as url:
        yield url


@pytest.fixture
def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


class TestHttpImageClassifier(ImageClassifierContract):
    @pytest.fixture
    async def classifier(self, url: str) -> AsyncIterator[ImageClassifier]:
        classifier = HttpImageClassifier([url], Limits(), POOL)
        yield classifier
        await classifier.close()

    async def test_unreachable_server_is_skipped(self, url: str, nowhere: str) -> None:
        classifier = HttpImageClassifier([nowhere, url], Limits(), POOL)
        seen = [(await classifier.classify(BLUE)).labels[0].class_index for _ in range(4)]
        await classifier.close()
        assert seen == [BLUE_CLASS] * 4

    async def test_classifier_recovers_after_all_servers_were_down(self, home: Path) -> None:
        port = free_port()
        classifier = HttpImageClassifier([f"http://127.0.0.1:{port}"], Limits(), POOL)
        with pytest.raises(Unavailable, match="no inference server") as refused:
            await classifier.classify(BLUE)
        assert refused.value.retry_after > 0
        assert str(port) not in refused.value.detail
        assert await classifier.model() is None
        with serve_inference(home, port):
            while True:
                try:
                    found = await classifier.classify(BLUE)
                except Unavailable:  # left out until its absence is over
                    continue
                break
        await classifier.close()
        assert found.labels[0].class_index == BLUE_CLASS

    async def test_server_without_model_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "models").write_text("")  # no folder, so the default model cannot be installed either
        with serve_inference(tmp_path) as empty:
            classifier = HttpImageClassifier([empty], Limits(), POOL)
            with pytest.raises(Unavailable):
                await classifier.classify(BLUE)
            assert await classifier.model() is None
            await classifier.close()
