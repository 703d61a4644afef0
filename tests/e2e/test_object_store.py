"""The program with its image files in an object store that dies."""

from collections.abc import Iterator

import pytest

from tests.e2e.api import sign_up
from tests.e2e.program import Program, Server
from tests.reaper import Reaper
from tests.sample_images import a_jpeg
from tests.seaweedfs import SeaweedFs, seaweedfs

pytestmark = pytest.mark.e2e
UNAVAILABLE = 503


@pytest.fixture
def mortal_store(reaper: Reaper) -> Iterator[SeaweedFs]:
    with reaper.folder() as folder, seaweedfs(folder) as server:
        yield server


def upload(server: Server, token: str, seed: int) -> tuple[int, dict[str, object], str | None]:
    """Status, body and `Retry-After` of an upload."""
    headers, files = {"Authorization": f"Bearer {token}"}, {"file": ("a.jpg", a_jpeg(seed=seed))}
    answer = server.client.post("/v1/images", files=files, headers=headers)
    return answer.status_code, answer.json(), answer.headers.get("Retry-After")


def test_killed_object_store_loses_no_acknowledged_upload(program: Program, mortal_store: SeaweedFs) -> None:
    program.settings |= mortal_store.settings
    with program.serve("--no-worker") as server:
        token = sign_up(server, "ada").token
        uploaded = [upload(server, token, seed) for seed in range(12)]
        assert {status for status, _, _ in uploaded} == {201}

        mortal_store.kill()
        status, problem, retry_after = upload(server, token, 100)
        assert (status, retry_after) == (UNAVAILABLE, "30")
        assert "storage is unavailable" in str(problem["detail"])
        assert server.client.get("/readyz").status_code == UNAVAILABLE
        assert server.client.get("/healthz").status_code == 200

        mortal_store.start()
        assert upload(server, token, 100)[0] == 201
        for seed, (_, image, _) in enumerate(uploaded):
            path = f"/v1/images/{image['id']}/file"
            answer = server.client.get(path, params={"size": "large"}, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200, seed
    assert program.run("blobs", "verify").returncode == 0
    assert not (program.home / "blobs").exists()
