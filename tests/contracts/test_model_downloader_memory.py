import pytest

from adapters.memory.downloader import MemoryModelDownloader
from domain.vision.model_fetch import ModelDownloader
from domain.vision.model_source import ModelSource, parse_model_source
from tests.contracts.model_downloader import ModelDownloaderContract

SOURCE = "https://example.org/model.tar.gz"


class TestMemoryModelDownloader(ModelDownloaderContract):
    @pytest.fixture
    def downloader(self) -> ModelDownloader:
        return MemoryModelDownloader({SOURCE: b"a graph"})

    @pytest.fixture
    def source(self) -> ModelSource:
        return parse_model_source(SOURCE)

    @pytest.fixture
    def nowhere(self) -> ModelSource:
        return parse_model_source("https://example.org/nothing")
