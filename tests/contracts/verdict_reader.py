"""The contract of verdicts on labels."""

from collections.abc import Sequence

from domain.ids import ImageId
from domain.images import Image
from domain.vision import Label, Verdict
from domain.vision.verdicts import VerdictCount
from tests.contracts.harness import StorageHarness

RETRIEVER = Label("n02099601", "golden retriever", 207, 0.75, ("dog", "animal"))
DOG = Label("tag:dog", "dog", None, 0.9, ("animal",))
RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG


async def set_labels(harness: StorageHarness, image: Image, *labels: Label) -> None:
    async with harness.storage.begin() as uow:
        await uow.images.save_labels({image.id: labels})
        await uow.commit()


async def judge(harness: StorageHarness, image_id: ImageId, label: Label, verdict: Verdict) -> None:
    async with harness.storage.begin() as uow:
        await uow.images.save_verdict(image_id, label, verdict)
        await uow.commit()


async def read_verdicts(harness: StorageHarness, image: Image) -> dict[str, Verdict | None]:
    """The verdict on each label, as readers and writers see it."""
    seen = await harness.storage.image_reader.by_id(image.id, image.owner_id)
    assert seen is not None
    async with harness.storage.begin() as uow:
        assert await uow.images.get(image.id) == seen
    return {label.key: label.verdict for label in seen.labels}


class VerdictsContract:
    async def test_last_verdict_applies(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))
        await set_labels(harness, image, RETRIEVER, DOG)
        assert await read_verdicts(harness, image) == {RETRIEVER.key: None, DOG.key: None}

        for verdict in (WRONG, WRONG, RIGHT):
            await judge(harness, image.id, RETRIEVER, verdict)
            assert await read_verdicts(harness, image) == {RETRIEVER.key: verdict, DOG.key: None}

    async def test_verdict_outlives_label(self, harness: StorageHarness) -> None:
        image, other = [await harness.add_image(await harness.add_user(name)) for name in ("ada", "bob")]
        await set_labels(harness, image, RETRIEVER)
        await judge(harness, image.id, RETRIEVER, WRONG)

        await set_labels(harness, image, DOG)
        assert await read_verdicts(harness, image) == {DOG.key: None}
        for each in (image, other):
            await set_labels(harness, each, DOG, RETRIEVER)

        assert await read_verdicts(harness, image) == {DOG.key: None, RETRIEVER.key: WRONG}
        assert await read_verdicts(harness, other) == {DOG.key: None, RETRIEVER.key: None}

    async def test_rolled_back_verdict_is_not_stored(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))
        await set_labels(harness, image, DOG)

        async with harness.storage.begin() as uow:
            await uow.images.save_verdict(image.id, DOG, WRONG)

        assert await read_verdicts(harness, image) == {DOG.key: None}
        assert await harness.storage.verdict_reader.counts() == []

    async def test_deleted_image_gets_no_verdict(self, harness: StorageHarness) -> None:
        await judge(harness, ImageId(harness.new_id()), DOG, WRONG)

        assert await harness.storage.verdict_reader.counts() == []

    async def test_verdicts_are_counted_by_label_worst_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(3)]
        renamed = Label(RETRIEVER.key, "retriever, golden", 207, 0.5)
        await judge(harness, images[0].id, RETRIEVER, WRONG)
        await judge(harness, images[1].id, RETRIEVER, WRONG)
        await judge(harness, images[2].id, renamed, RIGHT)
        await judge(harness, images[0].id, DOG, RIGHT)

        counts: Sequence[VerdictCount] = await harness.storage.verdict_reader.counts()

        assert list(counts) == [
            VerdictCount(RETRIEVER.key, "retriever, golden", 1, 2),
            VerdictCount(DOG.key, "dog", 1, 0),
        ]

    async def test_verdicts_of_deleted_image_do_not_count(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))
        await judge(harness, image.id, DOG, WRONG)

        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()

        assert await harness.storage.verdict_reader.counts() == []
