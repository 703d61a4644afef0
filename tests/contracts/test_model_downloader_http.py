from collections.abc import Iterator

import pytest

from adapters.download.downloader import HttpModelDownloader
from domain.vision.model_fetch import ModelDownloader
from domain.vision.model_source import ModelSource, parse_model_source
from tests.archives import an_archive
from tests.contracts.model_downloader import ModelDownloaderContract
from tests.http_mirror import mirror, respond_status, respond_with


class TestHttpModelDownloader(ModelDownloaderContract):
    @pytest.fixture
    def downloader(self) -> ModelDownloader:
        return HttpModelDownloader()

    @pytest.fixture
    def source(self) -> Iterator[ModelSource]:
        with mirror(respond_with(an_archive())) as server:
            yield parse_model_source(f"{server.url}/model.tar.gz")

    @pytest.fixture
    def nowhere(self) -> Iterator[ModelSource]:
        with mirror(respond_status(404)) as server:
            yield parse_model_source(server.url)
