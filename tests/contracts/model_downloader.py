"""The contract of `ModelDownloader`."""

import hashlib
from abc import abstractmethod
from dataclasses import replace
from pathlib import Path

import pytest

from domain.vision.model_fetch import DownloadFailed, ModelDownloader
from domain.vision.model_source import ModelSource
from tests.contracts.model_converter import ignore_progress


class ModelDownloaderContract:
    @pytest.fixture
    @abstractmethod
    def downloader(self) -> ModelDownloader:
        """A usable downloader."""

    @pytest.fixture
    @abstractmethod
    def source(self) -> ModelSource:
        """The source of a SavedModel."""

    @pytest.fixture
    @abstractmethod
    def nowhere(self) -> ModelSource:
        """A source without a model."""

    async def test_folder_exists_within_context(self, downloader: ModelDownloader, source: ModelSource) -> None:
        async with downloader.download(source, ignore_progress) as download:
            assert (download.folder / "saved_model.pb").is_file()
        assert not download.folder.exists()

    async def test_size_and_hash_are_returned(self, downloader: ModelDownloader, source: ModelSource) -> None:
        async with downloader.download(source, ignore_progress) as download:
            assert download.size > 0
            assert len(download.sha256) == len(hashlib.sha256().hexdigest())

    async def test_hash_is_compared_with_source(self, downloader: ModelDownloader, source: ModelSource) -> None:
        async with downloader.download(source, ignore_progress) as download:
            found = download.sha256
        async with downloader.download(replace(source, sha256=found), ignore_progress) as again:
            assert again.sha256 == found
        with pytest.raises(DownloadFailed, match="SHA-256"):
            await _enter(downloader, replace(source, sha256="0" * 64))

    async def test_failure_states_reason(self, downloader: ModelDownloader, nowhere: ModelSource) -> None:
        with pytest.raises(DownloadFailed):
            await _enter(downloader, nowhere)


async def _enter(downloader: ModelDownloader, source: ModelSource) -> Path:
    async with downloader.download(source, ignore_progress) as download:
        return download.folder
