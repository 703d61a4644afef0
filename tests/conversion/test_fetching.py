"""From an archive on a server to the classifying model, with the real tools (`make test-convert`)."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from container import Container
from domain.vision import Installer
from domain.vision.model_fetch import FetchOutcome
from entrypoints.processes.fetch_process import FetchProcess
from entrypoints.settings import Settings
from tests.archives import archive_folder
from tests.conversion.test_conversion import REAL
from tests.entrypoints.processes.test_worker_process import MEMORY_SETTINGS, wait_until
from tests.http_mirror import mirror, redirect_to, respond_status, respond_with
from tests.sample_images import a_jpeg

pytestmark = pytest.mark.convert


@pytest.fixture
def module(request: pytest.FixtureRequest) -> Path:
    """The real module, if it is available."""
    real = REAL / "mobilenet_v2_100_224"
    found: Path = real if real.is_dir() else request.getfixturevalue("hub_module")
    return found


async def test_service_fetches_and_converts_main_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: Path
) -> None:
    archive = archive_folder(module)
    with mirror(respond_status(403), redirect_to("/storage/module.tar.gz"), respond_with(archive)) as server:
        urls = {"MODEL_FETCH": "auto", "MODEL_URLS": f"{server.url}/first {server.url}/second?token=secret"}
        for name, value in {**MEMORY_SETTINGS, **urls, "CLASSIFIER": "onnx", "HOME": str(tmp_path)}.items():
            monkeypatch.setenv(f"TINTYPE_{name}", value)
        container = Container(config=Settings().config())
        models = container.model_store()
        default = container.installing().install_default()
        assert models.installer() is Installer.DEFAULT

        fetcher = FetchProcess(container.model_fetcher().time_until_due)
        fetcher.start()
        try:
            wait_until(lambda: not fetcher.is_running, timeout=600)
        finally:
            fetcher.stop()

    assert server.requested_paths == ["/first", "/second?token=secret", "/storage/module.tar.gz"]
    outcomes = [attempt.outcome for attempt in container.fetch_records().read().attempts]
    assert outcomes == [FetchOutcome.FAILED, FetchOutcome.INSTALLED]
    assert models.installer() is Installer.FETCH
    manifest: Any = models.manifest()
    assert manifest["source"]["url"] == f"{server.url}/second"
    assert manifest["source"]["archive_sha256"] == hashlib.sha256(archive).hexdigest()
    assert manifest["proof"]["largest_difference"] <= 1e-4
    prediction = await container.classifier().classify(a_jpeg())
    current = models.current()
    assert current is not None
    assert (prediction.model.name, prediction.model.version) == ("mobilenet_v2", current.version)
    assert models.rollback() == default
