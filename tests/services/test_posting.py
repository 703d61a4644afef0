from uuid import uuid4

import pytest

from domain.errors import Forbidden, Invalid, NotFound
from domain.ids import ImageId
from domain.image_use import ImageInUse
from domain.pages import PageRequest
from domain.posts import PostNotFound, TooManyImages
from tests.services.conftest import ServiceHarness


async def test_images_of_post_keep_order(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    images = [await harness.upload(ada, seed) for seed in range(3)]
    order = (images[2].id, images[0].id, images[1].id)

    view = await harness.container.posting().publish(ada, "three", order)

    assert tuple(image.id for image in view.images) == order
    assert view.post.image_ids == order
    assert (view.author.username, view.liked, view.post.like_count) == ("ada", False, 0)
    assert (await harness.container.accounts().profile("ada")).user.posts_count == 1


async def test_image_can_be_in_one_post_only(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    view = await harness.publish(ada)

    with pytest.raises(ImageInUse):
        await harness.container.posting().publish(ada, "again", view.post.image_ids)

    assert (await harness.container.accounts().profile("ada")).user.posts_count == 1


async def test_images_of_others_and_missing_ones_are_refused(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    theirs, own = await harness.upload(bob), await harness.upload(ada, 1)

    for image_id in (theirs.id, ImageId(uuid4())):
        with pytest.raises(NotFound):
            await harness.container.posting().publish(ada, "mine now", (own.id, image_id))

    assert (await harness.container.uploading().image(own.id, ada)).post_id is None


async def test_all_errors_are_reported_with_limits(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")

    with pytest.raises(Invalid) as refused:
        await harness.container.posting().publish(ada, "x" * 2201, ())

    faults = {error.field: (error.code, error.limit, error.actual) for error in refused.value.errors}
    assert faults == {"text": ("too_long", 2200, 2201), "image_ids": ("too_few", 1, 0)}


async def test_eleven_images_are_refused(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")

    with pytest.raises(TooManyImages) as refused:
        await harness.container.posting().publish(ada, "", tuple(ImageId(uuid4()) for _ in range(11)))

    assert (refused.value.facts["limit"], refused.value.facts["actual"]) == (10, 11)


async def test_only_author_can_edit_text(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    view = await harness.publish(ada)

    edited = await harness.container.posting().edit(view.post.id, ada, "better words")

    assert (edited.post.text, edited.post.edited_at) == ("better words", harness.clock.now())
    with pytest.raises(Forbidden):
        await harness.container.posting().edit(view.post.id, bob, "worse")
    with pytest.raises(Forbidden):
        await harness.container.posting().delete(view.post.id, bob)


async def test_deleted_post_is_not_found_anywhere(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    view = await harness.publish(ada)
    await harness.container.following().follow(bob, "ada")
    await harness.container.liking().like(view.post.id, bob)
    browsing, page = harness.container.browsing(), PageRequest()

    await harness.container.posting().delete(view.post.id, ada)

    with pytest.raises(PostNotFound):
        await browsing.post(view.post.id, ada)
    for found in (
        await browsing.newest(None, page),
        await browsing.home(bob, page),
        await browsing.of_author("ada", None, page),
        await browsing.liked_by("bob", None, page),
        await harness.container.ranking().trending(None, page),
    ):
        assert found.items == ()
    assert (await harness.container.accounts().profile("ada")).user.posts_count == 0
    with pytest.raises(PostNotFound):
        await harness.container.posting().delete(view.post.id, ada)
