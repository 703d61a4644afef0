"""The contract of the scores of the detector of sensitive media, and of their reader."""

from dataclasses import replace

from domain.ids import ImageId
from domain.images import Image
from domain.pages import PageRequest
from domain.sensitive_media import Detection, OwnScore, SensitivityScore
from domain.users import User
from tests.contracts.harness import BEGINNING, StorageHarness, at

DETECTION = Detection("test@1", 0.875)


async def add_score(harness: StorageHarness, owner: User, due: float = 0) -> tuple[Image, SensitivityScore]:
    """An image whose detection is due at that time."""
    image = harness.new_image(owner)
    score = SensitivityScore(image.id, at(due))
    async with harness.storage.begin() as uow:
        await uow.images.add(image)
        await uow.sensitivity_scores.add(score)
        await uow.commit()
    return image, score


async def save(harness: StorageHarness, score: SensitivityScore) -> SensitivityScore:
    async with harness.storage.begin() as uow:
        await uow.sensitivity_scores.save(score)
        await uow.commit()
    return score


async def answer(harness: StorageHarness, score: SensitivityScore, *, sensitive: bool) -> SensitivityScore:
    scored = score.start(at(0)).set_score(DETECTION, 0.5, at(1))
    return await save(harness, scored.set_answer(at(2), sensitive=sensitive))


async def get(harness: StorageHarness, image_id: ImageId) -> SensitivityScore | None:
    async with harness.storage.begin() as uow:
        return await uow.sensitivity_scores.get(image_id)


async def find_due(harness: StorageHarness, seconds: float, limit: int = 10) -> list[ImageId]:
    async with harness.storage.begin() as uow:
        return list(await uow.sensitivity_scores.find_due(at(seconds), limit))


async def is_any_sensitive(harness: StorageHarness, *images: Image) -> bool:
    async with harness.storage.begin() as uow:
        return await uow.sensitivity_scores.is_any_sensitive([image.id for image in images])


class SensitivityScoresContract:
    async def test_score_is_stored_in_each_state(self, harness: StorageHarness) -> None:
        image, added = await add_score(harness, await harness.add_user("ada"))
        assert await get(harness, image.id) == added

        started = await save(harness, added.start(at(5)))
        assert await get(harness, image.id) == started
        scored = await save(harness, started.set_score(DETECTION, 0.5, at(6)))
        assert await get(harness, image.id) == scored
        answered = await save(harness, scored.set_answer(at(7), sensitive=False))
        assert await get(harness, image.id) == answered

    async def test_image_without_row_has_no_score(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        await save(harness, SensitivityScore(image.id, at(0)))

        assert await get(harness, image.id) is None
        assert await harness.storage.sensitivity_score_reader.of_images([image.id], ada.id) == {}

    async def test_rolled_back_score_is_not_stored(self, harness: StorageHarness) -> None:
        image, added = await add_score(harness, await harness.add_user("ada"))

        async with harness.storage.begin() as uow:
            await uow.sensitivity_scores.save(added.end())

        assert await get(harness, image.id) == added

    async def test_due_images_are_found_most_overdue_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [(await add_score(harness, ada, due))[0].id for due in (30, 10, 20)]
        (_, ended) = await add_score(harness, ada)
        await save(harness, ended.end())

        assert await find_due(harness, 9) == []
        assert await find_due(harness, 20) == [images[1], images[2]]
        assert await find_due(harness, 99, limit=2) == [images[1], images[2]]

    async def test_positive_answer_is_found_among_images(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        (one, first), (other, second), (third, _) = [await add_score(harness, ada) for _ in range(3)]
        await answer(harness, first, sensitive=False)
        assert not await is_any_sensitive(harness, one, other, third)

        await answer(harness, second, sensitive=True)

        assert await is_any_sensitive(harness, one, other)
        assert not await is_any_sensitive(harness, one, third)
        assert not await is_any_sensitive(harness)

    async def test_only_owner_reads_score_with_mark_of_post(self, harness: StorageHarness) -> None:
        ada, bob = [await harness.add_user(name) for name in ("ada", "bob")]
        (image, score), (unposted, other) = [await add_score(harness, ada) for _ in range(2)]
        post = await harness.add_post(ada, image)
        read = harness.storage.sensitivity_score_reader.of_images
        ids = [image.id, unposted.id]

        assert await read(ids, ada.id) == {image.id: OwnScore(score), unposted.id: OwnScore(other)}
        assert await read(ids, bob.id) == {}
        assert await read([], ada.id) == {}

        async with harness.storage.begin() as uow:
            await uow.posts.save(replace(post, sensitive=True))
            await uow.commit()
        assert await read([image.id], ada.id) == {image.id: OwnScore(score, is_marked=True)}

    async def test_answers_are_paged_newest_image_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        rows = [(await add_score(harness, ada))[1] for _ in range(4)]
        answered = [await answer(harness, row, sensitive=bool(place)) for place, row in enumerate(rows[:3])]

        page = await harness.storage.sensitivity_score_reader.answered(PageRequest(2))
        assert list(page.items) == [answered[2], answered[1]]
        rest = await harness.storage.sensitivity_score_reader.answered(PageRequest(2, page.next))

        assert list(rest.items) == [answered[0]]
        assert rest.next is None

    async def test_scores_and_answers_go_with_image_and_account(self, harness: StorageHarness) -> None:
        ada, bob = [await harness.add_user(name) for name in ("ada", "bob")]
        (image, first), (_, second), (_, third) = [await add_score(harness, who) for who in (ada, ada, bob)]
        kept = [await answer(harness, score, sensitive=True) for score in (first, second, third)][2]

        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()
        assert await get(harness, image.id) is None
        await harness.delete_user(ada, BEGINNING)

        assert list((await harness.storage.sensitivity_score_reader.answered(PageRequest(9))).items) == [kept]
