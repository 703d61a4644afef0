"""The contract of `DesiredModels`."""

from asyncio import gather
from dataclasses import replace
from datetime import timedelta

from domain.blobs import BlobKey
from domain.unreferenced_blobs import UNREFERENCED_RETENTION
from domain.vision import Installer
from domain.vision.desired_model import DesiredModel
from tests.contracts.harness import BEGINNING, StorageHarness, at

FILE = BlobKey.of(b"the file of a model")
FIRST = DesiredModel(1, "net", "abc", 0.7, FILE, Installer.FETCH, "host-1", at(0))


class DesiredModelsContract:
    async def test_there_is_none_at_first(self, harness: StorageHarness) -> None:
        assert await harness.storage.desired_models.current() is None

    async def test_newest_revision_is_current(self, harness: StorageHarness) -> None:
        models, second = harness.storage.desired_models, replace(FIRST, revision=2, version="def", file=None)

        assert await models.add(FIRST)
        assert await models.current() == FIRST
        assert await models.add(second)
        assert await models.current() == second

    async def test_revision_must_follow_current_one(self, harness: StorageHarness) -> None:
        models = harness.storage.desired_models

        assert not await models.add(replace(FIRST, revision=2))
        assert await models.add(FIRST)
        assert not await models.add(replace(FIRST, version="def"))
        assert not await models.add(replace(FIRST, revision=3))
        assert await models.current() == FIRST

    async def test_one_of_concurrent_calls_succeeds(self, harness: StorageHarness) -> None:
        models = harness.storage.desired_models

        added = await gather(*(models.add(replace(FIRST, set_by=f"host-{number}")) for number in range(10)))

        assert added.count(True) == 1
        current = await models.current()
        assert current is not None
        assert current.set_by == f"host-{added.index(True)}"

    async def test_file_of_current_model_is_not_swept(self, harness: StorageHarness) -> None:
        blobs, models = harness.storage.unreferenced_blobs, harness.storage.desired_models
        await blobs.reserve([FILE], BEGINNING)
        await models.add(FIRST)
        late = BEGINNING + UNREFERENCED_RETENTION + timedelta(hours=1)
        assert (await blobs.claim_expired(late, 10)).keys == ()
        await blobs.register([FILE], late)
        assert (await blobs.claim_expired(late + timedelta(days=2), 10)).keys == ()

        await models.add(replace(FIRST, revision=2, file=BlobKey.of(b"another file")))
        await blobs.register([FILE], late)
        assert (await blobs.claim_expired(late + timedelta(days=2), 10)).keys == (FILE,)
