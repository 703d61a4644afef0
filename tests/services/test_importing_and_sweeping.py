from datetime import timedelta

from domain.blobs import BlobKey
from domain.pages import PageRequest
from domain.services.sweeping import BATCH
from domain.users import ProfileChanges
from tests.pictures import a_jpeg
from tests.services.conftest import Town


async def test_an_import_begun_again_posts_nothing_twice(town: Town) -> None:
    ada = await town.person("ada")
    importing = town.container.importing()

    first = await importing.import_file(ada, a_jpeg(seed=1), "one")
    again = await importing.import_file(ada, a_jpeg(seed=1), "one")

    assert first.view is not None
    assert first.view.post.text == "one"
    assert again.view is None
    assert (await town.container.accounts().profile("ada")).user.posts_count == 1


async def test_an_import_cut_short_between_upload_and_post_is_finished(town: Town) -> None:
    ada = await town.person("ada")
    image = await town.container.uploading().upload(ada, a_jpeg(seed=1))

    resumed = await town.container.importing().import_file(ada, a_jpeg(seed=1), "one")

    assert resumed.view is not None
    assert resumed.view.post.image_ids == (image.id,)
    assert len((await town.container.uploading().of_owner(ada, PageRequest())).items) == 1


async def test_blobs_of_a_deleted_image_go_a_day_later_and_shared_ones_stay(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    alone, shared = await town.image(ada, 1), await town.image(ada, 2)
    await town.image(bob, 2)
    uploading, sweeping, blobs = town.container.uploading(), town.container.sweeping(), town.container.blobs()
    await uploading.delete(alone.id, ada)
    await uploading.delete(shared.id, ada)

    assert await sweeping.sweep() == 0
    town.clock.advance(timedelta(hours=23))
    assert await sweeping.sweep() == 0
    town.clock.advance(timedelta(hours=1, seconds=1))
    assert await sweeping.sweep() > 0

    left = {key async for key in blobs.keys()}
    assert BlobKey.of(a_jpeg(seed=1)) not in left
    assert BlobKey.of(a_jpeg(seed=2)) in left
    assert await sweeping.sweep() == 0


async def test_an_orphan_that_is_uploaded_again_is_no_orphan(town: Town) -> None:
    ada = await town.person("ada")
    image = await town.image(ada)
    await town.container.uploading().delete(image.id, ada)
    await town.container.sweeping().sweep()
    town.clock.advance(timedelta(hours=25))

    again = await town.image(ada)
    assert await town.container.sweeping().sweep() == 0

    assert await town.container.blobs().get(again.original) == a_jpeg()


async def test_more_orphans_than_a_batch_holds_go_in_one_sweep(town: Town) -> None:
    blobs, sweeping = town.container.blobs(), town.container.sweeping()
    orphans = 2 * BATCH + 1
    for number in range(orphans):
        await blobs.put(str(number).encode())
    assert await sweeping.sweep() == 0
    town.clock.advance(timedelta(hours=25))

    assert await sweeping.sweep() == orphans

    assert [key async for key in blobs.keys()] == []


async def test_uploads_that_were_never_posted_go_after_a_week_with_their_bytes(town: Town) -> None:
    ada = await town.person("ada")
    unposted, avatar = await town.image(ada, 1), await town.image(ada, 2)
    posted = (await town.post(ada, seed=3)).images[0]
    await town.container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=avatar.id))
    sweeping = town.container.sweeping()

    town.clock.advance(timedelta(days=7))
    assert await sweeping.delete_unposted() == 0
    town.clock.advance(timedelta(seconds=1))
    assert await sweeping.delete_unposted() == 1
    await sweeping.sweep()
    town.clock.advance(timedelta(hours=25))
    await sweeping.sweep()

    left = {image.id for image in (await town.container.uploading().of_owner(ada, PageRequest())).items}
    assert left == {avatar.id, posted.id}
    assert unposted.original not in {key async for key in town.container.blobs().keys()}
