"""The understanding rows."""

from collections.abc import Sequence
from datetime import timedelta

from domain.ids import ImageId, UserId
from domain.images import Image
from domain.understanding import Due, State, Task, TaskCount, Understanding
from tests.contracts.world import World, at

CLASSIFICATION, CAPTION = Task.CLASSIFICATION, Task.CAPTION


async def images(world: World, number: int) -> list[Image]:
    ada = await world.user("ada")
    return [await world.image(ada) for _ in range(number)]


async def saved(world: World, *rows: Understanding) -> None:
    async with world.storage.begin() as uow:
        for row in rows:
            await uow.understandings.save(row)
        await uow.commit()


async def stored(world: World, image: Image, task: Task = CLASSIFICATION) -> Understanding | None:
    async with world.storage.begin() as uow:
        return await uow.understandings.get(image.id, task)


def row(image: Image, task: Task = CLASSIFICATION) -> Understanding:
    return image.understanding[task]


async def settled(world: World, found: Sequence[Image], task: Task = CAPTION) -> None:
    """Nothing left to do for that task, so that a test can look at the other."""
    await saved(world, *(row(image, task).skipped("off") for image in found))


class UnderstandingsContract:
    async def test_the_plan_is_stored_with_the_image(self, world: World) -> None:
        (image,) = await images(world, 1)

        assert [await stored(world, image, task) for task in Task] == [row(image, task) for task in Task]

    async def test_every_field_comes_back(self, world: World) -> None:
        (image,) = await images(world, 1)
        full = Understanding(image.id, CLASSIFICATION, State.RUNNING, 3, "m@1", "busy: later", at(5))

        for state in (full, full.done("m@2"), full.skipped("off"), full.failed("broken_image: “…”")):
            await saved(world, state)
            assert await stored(world, image) == state
        assert await stored(world, image, CAPTION) == row(image, CAPTION)

    async def test_an_absent_image_has_no_row_and_gets_none(self, world: World) -> None:
        (image,) = await images(world, 1)
        async with world.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()

        await saved(world, row(image).done("m@1"), Understanding(ImageId(world.id()), CAPTION))

        assert await stored(world, image) is None
        async with world.storage.begin() as uow:
            assert list(await uow.understandings.counts()) == []

    async def test_due_are_the_open_rows_whose_time_has_come(self, world: World) -> None:
        late, dead, early, waiting, done, failed = found = await images(world, 6)
        await settled(world, found)
        now = at(10_000)
        due = [
            row(dead).started(now - timedelta(minutes=20)),
            row(late).postponed("model_missing", now - timedelta(minutes=5)),
        ]
        await saved(
            world,
            *due,
            row(early).postponed("busy", now + timedelta(seconds=1)),
            Understanding(waiting.id, CLASSIFICATION),
            row(done).done("m@1"),
            row(failed).failed("broken_image"),
        )

        async with world.storage.begin() as uow:
            assert [one.row for one in await uow.understandings.due(now, 10)] == due
            assert [one.row for one in await uow.understandings.due(now, 1)] == due[:1]
            assert list(await uow.understandings.due(at(-10_000), 10)) == []

    async def test_a_row_is_due_at_its_very_moment(self, world: World) -> None:
        (image,) = await images(world, 1)
        await settled(world, [image])
        await saved(world, row(image).asked(at(100)))

        async with world.storage.begin() as uow:
            assert list(await uow.understandings.due(at(100) - timedelta(microseconds=1), 1)) == []
            assert await uow.understandings.due(at(100), 1) == [Due(row(image).asked(at(100)), turn=0)]

    async def test_outdated_is_what_another_model_answered(self, world: World) -> None:
        old, new, older, unfinished, failed = found = await images(world, 5)
        await settled(world, found)
        outdated = [row(old).done("m@1"), row(older).done("n@2")]
        await saved(world, *outdated, row(new).done("m@2"), row(failed).failed("no"))
        await saved(world, row(unfinished).done("m@1").asked(at(0)))
        await saved(world, row(new, CAPTION).done("gpt@1"))

        async with world.storage.begin() as uow:
            assert list(await uow.understandings.outdated(CLASSIFICATION, "m@2", 10)) == outdated
            assert list(await uow.understandings.outdated(CLASSIFICATION, "m@2", 1)) == outdated[:1]
            assert list(await uow.understandings.outdated(CLASSIFICATION, "k@1", 10)) != []
            assert list(await uow.understandings.outdated(CAPTION, "gpt@1", 10)) == []

    async def test_hasten_wakes_those_that_wait_for_that_alone(self, world: World) -> None:
        waiting, busy, failed = found = await images(world, 3)
        far = at(10_000)
        postponed = row(waiting).postponed("model_missing", far)
        others = [row(busy).postponed("busy", far), row(failed).failed("model_missing")]
        captions = [row(image, CAPTION).postponed("model_missing", far) for image in found]
        await saved(world, postponed, *others, *captions)

        async with world.storage.begin() as uow:
            assert await uow.understandings.hasten(CLASSIFICATION, "model_missing", at(500)) == 1
            assert await uow.understandings.hasten(CLASSIFICATION, "unusable_model", at(500)) == 0
            await uow.commit()

        assert await stored(world, waiting) == row(waiting).postponed("model_missing", at(500))
        assert [await stored(world, busy), await stored(world, failed)] == others
        assert [await stored(world, image, CAPTION) for image in found] == captions

    async def test_the_failed_are_asked_again_with_a_clean_slate(self, world: World) -> None:
        failed, done, pending = await images(world, 3)
        await saved(
            world,
            Understanding(failed.id, CLASSIFICATION, State.FAILED, 8, None, "broken"),
            Understanding(failed.id, CAPTION, State.FAILED, 1, "gpt@1", "refused"),
            row(done).done("m@1"),
        )

        async with world.storage.begin() as uow:
            assert await uow.understandings.retry_failed(at(500)) == 2
            assert await uow.understandings.retry_failed(at(501)) == 0
            await uow.commit()

        assert await stored(world, failed) == Understanding(failed.id, CLASSIFICATION, next_attempt_at=at(500))
        again = Understanding(failed.id, CAPTION, model="gpt@1", next_attempt_at=at(500))
        assert await stored(world, failed, CAPTION) == again
        assert [await stored(world, done), await stored(world, pending)] == [row(done).done("m@1"), row(pending)]

    async def test_counts_say_how_many_stand_where_and_the_newest_error(self, world: World) -> None:
        found = await images(world, 4)
        await saved(
            world,
            row(found[1]).failed("older"),
            row(found[2]).failed("newer"),
            row(found[3]).done("m@1"),
            row(found[0], CAPTION).skipped("off"),
        )

        async with world.storage.begin() as uow:
            counts = list(await uow.understandings.counts())

        assert counts == [
            TaskCount(CAPTION, State.PENDING, 3),
            TaskCount(CAPTION, State.SKIPPED, 1, "off"),
            TaskCount(CLASSIFICATION, State.DONE, 1),
            TaskCount(CLASSIFICATION, State.FAILED, 2, "newer"),
            TaskCount(CLASSIFICATION, State.PENDING, 1),
        ]

    async def test_what_is_stuck_is_listed_from_the_newest_picture(self, world: World) -> None:
        fine, failed, waiting = await images(world, 3)
        broken = row(failed).failed("broken_image: cut short")
        put_off = row(waiting, CAPTION).postponed("model_missing", at(60))
        await settled(world, [fine, failed])
        await saved(world, row(fine).done("m@1"), broken, put_off)

        async with world.storage.begin() as uow:
            assert await uow.understandings.stuck(10) == [put_off, broken]
            assert await uow.understandings.stuck(1) == [put_off]

    async def test_each_owners_first_comes_before_anybodys_second(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        flood = [await world.image(ada) for _ in range(4)]
        late = [await world.image(bob) for _ in range(2)]
        await settled(world, [*flood, *late])

        async with world.storage.begin() as uow:
            due = await uow.understandings.due(at(1_000), 5)

        assert [(one.row.image_id, one.turn) for one in due] == [
            (flood[0].id, 0),
            (late[0].id, 0),
            (flood[1].id, 1),
            (late[1].id, 1),
            (flood[2].id, 2),
        ]

    async def test_an_owners_images_wait_while_a_row_is_due_or_running(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        _, running, later, done = found = [await world.image(ada) for _ in range(4)]
        await world.image(bob)
        await settled(world, found[1:])
        await saved(
            world,
            row(running).started(at(1_000)),
            row(later).postponed("model_missing", at(2_000)),
            row(done).done("m@1"),
        )

        async with world.storage.begin() as uow:
            assert await uow.understandings.waiting(ada.id, at(1_000)) == 2
            assert await uow.understandings.waiting(bob.id, at(1_000)) == 1
            assert await uow.understandings.waiting(UserId(world.id()), at(1_000)) == 0
