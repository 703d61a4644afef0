import pytest

from domain.blobs import BlobKey
from domain.captions import Source
from domain.errors import Forbidden, Invalid, NotFound
from domain.image_use import ImageInUse
from domain.images import BrokenImage, Size, UnsupportedImage
from domain.pages import PageRequest
from domain.understanding import State, Task
from tests.sample_images import a_jpeg
from tests.services.conftest import ServiceHarness


async def test_upload_is_stored_without_model(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    data = a_jpeg(width=64, height=48)

    image = await harness.container.uploading().upload(ada, data)

    assert (image.width, image.height, image.content_type) == (64, 48, "image/jpeg")
    assert await harness.container.blobs().get(BlobKey.of(data)) == data
    assert all([await harness.container.blobs().get(image.renditions[size].key) for size in Size])
    assert image.understanding[Task.CLASSIFICATION].state is State.PENDING
    assert image.labels == ()


@pytest.mark.parametrize(("data", "refusal"), [(b"", BrokenImage), (b"just some words", UnsupportedImage)])
async def test_invalid_image_stores_nothing(harness: ServiceHarness, data: bytes, refusal: type[Exception]) -> None:
    ada = await harness.sign_up("ada")

    with pytest.raises(refusal):
        await harness.container.uploading().upload(ada, data)

    assert (await harness.container.uploading().of_owner(ada, PageRequest())).items == ()
    assert [key async for key in harness.container.blobs().keys()] == []


async def test_unposted_image_is_for_owner_only(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    image = await harness.upload(ada)
    uploading = harness.container.uploading()

    assert not (await uploading.file(image.id, Size.THUMB, ada)).public
    for viewer in (bob, None):
        with pytest.raises(NotFound):
            await uploading.file(image.id, Size.THUMB, viewer)
    with pytest.raises(NotFound):
        await uploading.describe(image.id, bob, "mine?")

    await harness.container.posting().publish(ada, "", (image.id,))

    assert (await uploading.file(image.id, Size.THUMB, None)).public
    with pytest.raises(Forbidden):
        await uploading.describe(image.id, bob, "mine?")


async def test_image_in_post_cannot_be_deleted(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    view = await harness.publish(ada)
    image = view.images[0]

    with pytest.raises(ImageInUse):
        await harness.container.uploading().delete(image.id, ada)

    await harness.container.posting().delete(view.post.id, ada)
    with pytest.raises(NotFound):
        await harness.container.uploading().image(image.id, ada)


async def test_unposted_image_can_be_deleted(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.container.uploading().delete(image.id, ada)

    with pytest.raises(NotFound):
        await harness.container.uploading().delete(image.id, ada)


async def test_alt_text_states_source(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    uploading, understanding = harness.container.uploading(), harness.container.image_analysis()

    async def suggestion() -> str:
        await understanding.request_again(image.id, ada, Task.CAPTION)
        await harness.run_due_jobs()
        found = (await uploading.image(image.id, ada)).suggestion
        assert found is not None
        return found.text

    taken = await uploading.describe(image.id, ada, await suggestion())
    assert taken.alt_text is not None
    assert (taken.alt_text.source, taken.suggestion) == (Source.MODEL, None)

    edited = await uploading.describe(image.id, ada, await suggestion() + "!", based_on_suggestion=True)
    assert edited.alt_text is not None
    assert edited.alt_text.source is Source.EDITED

    await suggestion()
    own = await uploading.describe(image.id, ada, "my own words")
    assert own.alt_text is not None
    assert (own.alt_text.source, own.alt_text.model, own.suggestion) == (Source.HUMAN, None, None)

    await suggestion()
    kept = await uploading.reject_suggestion(image.id, ada)
    assert (kept.alt_text, kept.suggestion) == (own.alt_text, None)

    assert (await uploading.describe(image.id, ada, None)).alt_text is None


async def test_alt_text_is_limited(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.container.uploading().describe(image.id, ada, "x" * 1500)
    with pytest.raises(Invalid):
        await harness.container.uploading().describe(image.id, ada, "x" * 1501)
