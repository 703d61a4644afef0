from datetime import timedelta

from domain.blobs import BlobKey
from domain.pages import PageRequest
from domain.services.sweeping import BATCH_SIZE
from domain.users import ProfileChanges
from tests.sample_images import a_jpeg
from tests.services.conftest import ServiceHarness


async def test_repeated_import_posts_once(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    importing = harness.container.importing()

    first = await importing.import_file(ada, a_jpeg(seed=1), "one")
    again = await importing.import_file(ada, a_jpeg(seed=1), "one")

    assert first.view is not None
    assert first.view.post.text == "one"
    assert again.view is None
    assert (await harness.container.accounts().profile("ada")).user.posts_count == 1


async def test_interrupted_import_is_completed(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    image = await harness.container.uploading().upload(ada, a_jpeg(seed=1))

    resumed = await harness.container.importing().import_file(ada, a_jpeg(seed=1), "one")

    assert resumed.view is not None
    assert resumed.view.post.image_ids == (image.id,)
    assert len((await harness.container.uploading().of_owner(ada, PageRequest())).items) == 1


async def test_blobs_of_deleted_image_are_deleted_after_a_day_unless_shared(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    alone, shared = await harness.upload(ada, 1), await harness.upload(ada, 2)
    await harness.upload(bob, 2)
    uploading, sweeping, blobs = harness.container.uploading(), harness.container.sweeping(), harness.container.blobs()
    await uploading.delete(alone.id, ada)
    await uploading.delete(shared.id, ada)

    assert await sweeping.sweep() == 0
    harness.clock.advance(timedelta(hours=23))
    assert await sweeping.sweep() == 0
    harness.clock.advance(timedelta(hours=1, seconds=1))
    assert await sweeping.sweep() > 0

    left = {key async for key in blobs.keys()}
    assert BlobKey.of(a_jpeg(seed=1)) not in left
    assert BlobKey.of(a_jpeg(seed=2)) in left
    assert await sweeping.sweep() == 0


async def test_reuploaded_blob_is_kept(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    await harness.container.uploading().delete(image.id, ada)
    await harness.container.sweeping().sweep()
    harness.clock.advance(timedelta(hours=25))

    again = await harness.upload(ada)
    assert await harness.container.sweeping().sweep() == 0

    assert await harness.container.blobs().get(again.original) == a_jpeg()


async def test_sweep_deletes_more_blobs_than_one_batch(harness: ServiceHarness) -> None:
    blobs, sweeping = harness.container.blobs(), harness.container.sweeping()
    orphans = 2 * BATCH_SIZE + 1
    for number in range(orphans):
        await blobs.put(str(number).encode())
    assert await sweeping.sweep() == 0
    harness.clock.advance(timedelta(hours=25))

    assert await sweeping.sweep() == orphans

    assert [key async for key in blobs.keys()] == []


async def test_unposted_uploads_are_deleted_after_a_week(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    unposted, avatar = await harness.upload(ada, 1), await harness.upload(ada, 2)
    posted = (await harness.publish(ada, seed=3)).images[0]
    await harness.container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=avatar.id))
    sweeping = harness.container.sweeping()

    harness.clock.advance(timedelta(days=7))
    assert await sweeping.delete_unposted() == 0
    harness.clock.advance(timedelta(seconds=1))
    assert await sweeping.delete_unposted() == 1
    await sweeping.sweep()
    harness.clock.advance(timedelta(hours=25))
    await sweeping.sweep()

    left = {image.id for image in (await harness.container.uploading().of_owner(ada, PageRequest())).items}
    assert left == {avatar.id, posted.id}
    assert unposted.original not in {key async for key in harness.container.blobs().keys()}
