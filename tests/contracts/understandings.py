"""The contract of understanding rows."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from domain.ids import ImageId, UserId
from domain.images import Image
from domain.understanding import LEASE, DueTask, State, Task, TaskCount, Understanding
from tests.contracts.harness import StorageHarness, at

CLASSIFICATION, CAPTION = Task.CLASSIFICATION, Task.CAPTION


async def add_images(harness: StorageHarness, number: int) -> list[Image]:
    ada = await harness.add_user("ada")
    return [await harness.add_image(ada) for _ in range(number)]


async def save_rows(harness: StorageHarness, *rows: Understanding) -> None:
    async with harness.storage.begin() as uow:
        for row in rows:
            await uow.understandings.save(row)
        await uow.commit()


async def read_row(harness: StorageHarness, image: Image, task: Task = CLASSIFICATION) -> Understanding | None:
    async with harness.storage.begin() as uow:
        return await uow.understandings.get(image.id, task)


def row(image: Image, task: Task = CLASSIFICATION) -> Understanding:
    return image.understanding[task]


async def skip_task(harness: StorageHarness, found: Sequence[Image], task: Task = CAPTION) -> None:
    """Skip this task, so that a test can look at the other one."""
    await save_rows(harness, *(row(image, task).mark_skipped("off") for image in found))


class UnderstandingsContract:
    async def test_rows_are_stored_with_image(self, harness: StorageHarness) -> None:
        (image,) = await add_images(harness, 1)

        assert [await read_row(harness, image, task) for task in Task] == [row(image, task) for task in Task]

    async def test_all_fields_are_read_unchanged(self, harness: StorageHarness) -> None:
        (image,) = await add_images(harness, 1)
        full = Understanding(image.id, CLASSIFICATION, State.RUNNING, 3, "m@1", "busy: later", at(5))

        for state in (full, full.mark_done("m@2"), full.mark_skipped("off"), full.mark_failed("broken_image: “…”")):
            await save_rows(harness, state)
            assert await read_row(harness, image) == state
        assert await read_row(harness, image, CAPTION) == row(image, CAPTION)

    async def test_missing_image_has_no_rows(self, harness: StorageHarness) -> None:
        (image,) = await add_images(harness, 1)
        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()

        await save_rows(harness, row(image).mark_done("m@1"), Understanding(ImageId(harness.new_id()), CAPTION))

        assert await read_row(harness, image) is None
        async with harness.storage.begin() as uow:
            assert list(await uow.understandings.counts()) == []

    async def test_open_rows_are_due_at_their_time(self, harness: StorageHarness) -> None:
        late, dead, early, waiting, done, failed = found = await add_images(harness, 6)
        await skip_task(harness, found)
        now = at(10_000)
        due = [
            row(dead).start(now - timedelta(minutes=20)),
            row(late).postpone("model_missing", now - timedelta(minutes=5)),
        ]
        await save_rows(
            harness,
            *due,
            row(early).postpone("busy", now + timedelta(seconds=1)),
            Understanding(waiting.id, CLASSIFICATION),
            row(done).mark_done("m@1"),
            row(failed).mark_failed("broken_image"),
        )

        async with harness.storage.begin() as uow:
            assert [one.row for one in await uow.understandings.find_due(now, 10)] == due
            assert [one.row for one in await uow.understandings.find_due(now, 1)] == due[:1]
            assert list(await uow.understandings.find_due(at(-10_000), 10)) == []

    async def test_row_is_due_at_its_exact_time(self, harness: StorageHarness) -> None:
        (image,) = await add_images(harness, 1)
        await skip_task(harness, [image])
        await save_rows(harness, row(image).schedule(at(100)))

        async with harness.storage.begin() as uow:
            assert list(await uow.understandings.find_due(at(100) - timedelta(microseconds=1), 1)) == []
            assert await uow.understandings.find_due(at(100), 1) == [DueTask(row(image).schedule(at(100)), turn=0)]

    async def test_results_of_other_models_are_outdated(self, harness: StorageHarness) -> None:
        old, new, older, unfinished, failed = found = await add_images(harness, 5)
        await skip_task(harness, found)
        outdated = [row(old).mark_done("m@1"), row(older).mark_done("n@2")]
        await save_rows(harness, *outdated, row(new).mark_done("m@2"), row(failed).mark_failed("no"))
        await save_rows(harness, row(unfinished).mark_done("m@1").schedule(at(0)))
        await save_rows(harness, row(new, CAPTION).mark_done("gpt@1"))

        async with harness.storage.begin() as uow:
            assert list(await uow.understandings.find_outdated(CLASSIFICATION, "m@2", 10)) == outdated
            assert list(await uow.understandings.find_outdated(CLASSIFICATION, "m@2", 1)) == outdated[:1]
            assert list(await uow.understandings.find_outdated(CLASSIFICATION, "k@1", 10)) != []
            assert list(await uow.understandings.find_outdated(CAPTION, "gpt@1", 10)) == []

    async def test_hasten_affects_rows_waiting_for_that_reason_only(self, harness: StorageHarness) -> None:
        waiting, busy, failed = found = await add_images(harness, 3)
        far = at(10_000)
        postponed = row(waiting).postpone("model_missing", far)
        others = [row(busy).postpone("busy", far), row(failed).mark_failed("model_missing")]
        captions = [row(image, CAPTION).postpone("model_missing", far) for image in found]
        await save_rows(harness, postponed, *others, *captions)

        async with harness.storage.begin() as uow:
            assert await uow.understandings.make_due(CLASSIFICATION, "model_missing", at(500)) == 1
            assert await uow.understandings.make_due(CLASSIFICATION, "unusable_model", at(500)) == 0
            await uow.commit()

        assert await read_row(harness, waiting) == row(waiting).postpone("model_missing", at(500))
        assert [await read_row(harness, busy), await read_row(harness, failed)] == others
        assert [await read_row(harness, image, CAPTION) for image in found] == captions

    async def test_retry_resets_failed_rows(self, harness: StorageHarness) -> None:
        failed, done, pending = await add_images(harness, 3)
        await save_rows(
            harness,
            Understanding(failed.id, CLASSIFICATION, State.FAILED, 8, None, "broken"),
            Understanding(failed.id, CAPTION, State.FAILED, 1, "gpt@1", "refused"),
            row(done).mark_done("m@1"),
        )

        async with harness.storage.begin() as uow:
            assert await uow.understandings.retry_failed(at(500)) == 2
            assert await uow.understandings.retry_failed(at(501)) == 0
            await uow.commit()

        assert await read_row(harness, failed) == Understanding(failed.id, CLASSIFICATION, next_attempt_at=at(500))
        again = Understanding(failed.id, CAPTION, model="gpt@1", next_attempt_at=at(500))
        assert await read_row(harness, failed, CAPTION) == again
        assert [await read_row(harness, done), await read_row(harness, pending)] == [
            row(done).mark_done("m@1"),
            row(pending),
        ]

    async def test_counts_contain_states_and_newest_error(self, harness: StorageHarness) -> None:
        found = await add_images(harness, 4)
        await save_rows(
            harness,
            row(found[1]).mark_failed("older"),
            row(found[2]).mark_failed("newer"),
            row(found[3]).mark_done("m@1"),
            row(found[0], CAPTION).mark_skipped("off"),
        )

        async with harness.storage.begin() as uow:
            counts = list(await uow.understandings.counts())

        assert counts == [
            TaskCount(CAPTION, State.PENDING, 3),
            TaskCount(CAPTION, State.SKIPPED, 1, "off"),
            TaskCount(CLASSIFICATION, State.DONE, 1),
            TaskCount(CLASSIFICATION, State.FAILED, 2, "newer"),
            TaskCount(CLASSIFICATION, State.PENDING, 1),
        ]

    async def test_stuck_rows_are_sorted_by_newest_image(self, harness: StorageHarness) -> None:
        fine, failed, waiting = await add_images(harness, 3)
        broken = row(failed).mark_failed("broken_image: cut short")
        put_off = row(waiting, CAPTION).postpone("model_missing", at(60))
        await skip_task(harness, [fine, failed])
        await save_rows(harness, row(fine).mark_done("m@1"), broken, put_off)

        async with harness.storage.begin() as uow:
            assert await uow.understandings.find_stuck(10) == [put_off, broken]
            assert await uow.understandings.find_stuck(1) == [put_off]

    async def test_owners_take_turns(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        flood = [await harness.add_image(ada) for _ in range(4)]
        late = [await harness.add_image(bob) for _ in range(2)]
        await skip_task(harness, [*flood, *late])

        async with harness.storage.begin() as uow:
            due = await uow.understandings.find_due(at(1_000), 5)

        assert [(one.row.image_id, one.turn) for one in due] == [
            (flood[0].id, 0),
            (late[0].id, 0),
            (flood[1].id, 1),
            (late[1].id, 1),
            (flood[2].id, 2),
        ]

    async def test_images_count_as_waiting_while_row_is_due_or_running(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        _, running, later, done = found = [await harness.add_image(ada) for _ in range(4)]
        await harness.add_image(bob)
        await skip_task(harness, found[1:])
        await save_rows(
            harness,
            row(running).start(at(1_000)),
            row(later).postpone("model_missing", at(2_000)),
            row(done).mark_done("m@1"),
        )

        async with harness.storage.begin() as uow:
            assert await uow.understandings.waiting_count(ada.id, at(1_000)) == 2
            assert await uow.understandings.waiting_count(bob.id, at(1_000)) == 1
            assert await uow.understandings.waiting_count(UserId(harness.new_id()), at(1_000)) == 0

    async def test_rows_are_read_and_saved_together(self, harness: StorageHarness) -> None:
        images = await add_images(harness, 3)
        absent = ImageId(harness.new_id())
        done = [row(image).mark_done(f"m@{number}") for number, image in enumerate(images)]

        await save_rows(harness, *done, row(images[0], CAPTION).mark_skipped("off"))
        async with harness.storage.begin() as uow:
            found = await uow.understandings.get_all(
                CLASSIFICATION, [absent, *(image.id for image in reversed(images))]
            )
            await uow.understandings.save()
            assert await uow.understandings.get_all(CAPTION, []) == {}

        assert list(found) == sorted(image.id for image in images)
        assert [found[image.id] for image in images] == done

    async def test_rows_that_wait_for_task_are_found(self, harness: StorageHarness) -> None:
        waiting, due, running, skipped = images = await add_images(harness, 4)
        await save_rows(
            harness,
            Understanding(waiting.id, CAPTION),
            row(due, CAPTION).schedule(at(5)),
            row(running, CAPTION).start(at(5)),
            row(skipped, CAPTION).mark_skipped("off"),
        )

        async with harness.storage.begin() as uow:
            found = await uow.understandings.get_waiting(CAPTION, [image.id for image in images])

        assert found == {waiting.id: Understanding(waiting.id, CAPTION)}

    async def test_outstanding_images_are_found_from_cursor(self, harness: StorageHarness) -> None:
        now = at(10_000)
        images = await add_images(harness, 8)
        await save_rows(
            harness,
            row(images[0]).mark_done("m@1"),
            row(images[1]).mark_done("m@2"),
            row(images[2]).schedule(now),
            row(images[3]).postpone("busy", now + timedelta(seconds=1)),
            row(images[4]).start(now),
            row(images[5]).start(now - LEASE),
            row(images[6]).mark_failed("broken"),
            row(images[7]).mark_done("m@3"),
        )
        rows = [await read_row(harness, image) for image in images]
        expected = [image.id for image, one in zip(images, rows, strict=True) if one and one.can_start("m@2", now)]

        async with harness.storage.begin() as uow:
            find = partial(uow.understandings.find_outstanding, CLASSIFICATION, "m@2", now)
            assert list(await find(None, 10)) == expected == [images[number].id for number in (0, 2, 5, 7)]
            assert list(await find(None, 2)) == expected[:2]
            assert list(await find(expected[1], 10)) == expected[2:]
            assert list(await find(expected[-1], 10)) == []
            assert await uow.understandings.count_outstanding(CLASSIFICATION, "m@2", now) == 4
