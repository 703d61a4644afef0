"""What owners say of labels: what `Images.judge` keeps and `Verdicts` counts."""

from collections.abc import Sequence

from domain.ids import ImageId
from domain.images import Image
from domain.verdicts import VerdictCount
from domain.vision import Label, Verdict
from tests.contracts.world import World

RETRIEVER = Label("n02099601", "golden retriever", 207, 0.75, ("dog", "animal"))
DOG = Label("tag:dog", "dog", None, 0.9, ("animal",))
RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG


async def labelled(world: World, image: Image, *labels: Label) -> None:
    async with world.storage.begin() as uow:
        await uow.images.label(image.id, labels)
        await uow.commit()


async def judged(world: World, image_id: ImageId, label: Label, verdict: Verdict) -> None:
    async with world.storage.begin() as uow:
        await uow.images.judge(image_id, label, verdict)
        await uow.commit()


async def said(world: World, image: Image) -> dict[str, Verdict | None]:
    """The verdict on each label, as a reader and as a writer sees it."""
    seen = await world.storage.gallery.image(image.id, image.owner_id)
    assert seen is not None
    async with world.storage.begin() as uow:
        assert await uow.images.get(image.id) == seen
    return {label.key: label.verdict for label in seen.labels}


class VerdictsContract:
    async def test_the_last_verdict_stands_on_its_label(self, world: World) -> None:
        image = await world.image(await world.user("ada"))
        await labelled(world, image, RETRIEVER, DOG)
        assert await said(world, image) == {RETRIEVER.key: None, DOG.key: None}

        for verdict in (WRONG, WRONG, RIGHT):
            await judged(world, image.id, RETRIEVER, verdict)
            assert await said(world, image) == {RETRIEVER.key: verdict, DOG.key: None}

    async def test_a_verdict_outlives_its_label(self, world: World) -> None:
        image, other = [await world.image(await world.user(name)) for name in ("ada", "bob")]
        await labelled(world, image, RETRIEVER)
        await judged(world, image.id, RETRIEVER, WRONG)

        await labelled(world, image, DOG)
        assert await said(world, image) == {DOG.key: None}
        for each in (image, other):
            await labelled(world, each, DOG, RETRIEVER)

        assert await said(world, image) == {DOG.key: None, RETRIEVER.key: WRONG}
        assert await said(world, other) == {DOG.key: None, RETRIEVER.key: None}

    async def test_what_is_not_committed_was_not_said(self, world: World) -> None:
        image = await world.image(await world.user("ada"))
        await labelled(world, image, DOG)

        async with world.storage.begin() as uow:
            await uow.images.judge(image.id, DOG, WRONG)

        assert await said(world, image) == {DOG.key: None}
        assert await world.storage.verdicts.counts() == []

    async def test_nobody_judges_what_is_gone(self, world: World) -> None:
        await judged(world, ImageId(world.id()), DOG, WRONG)

        assert await world.storage.verdicts.counts() == []

    async def test_verdicts_are_counted_by_label_worst_first(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(3)]
        renamed = Label(RETRIEVER.key, "retriever, golden", 207, 0.5)
        await judged(world, images[0].id, RETRIEVER, WRONG)
        await judged(world, images[1].id, RETRIEVER, WRONG)
        await judged(world, images[2].id, renamed, RIGHT)
        await judged(world, images[0].id, DOG, RIGHT)

        counts: Sequence[VerdictCount] = await world.storage.verdicts.counts()

        assert list(counts) == [
            VerdictCount(RETRIEVER.key, "retriever, golden", 1, 2),
            VerdictCount(DOG.key, "dog", 1, 0),
        ]

    async def test_a_deleted_image_has_no_say(self, world: World) -> None:
        image = await world.image(await world.user("ada"))
        await judged(world, image.id, DOG, WRONG)

        async with world.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()

        assert await world.storage.verdicts.counts() == []
