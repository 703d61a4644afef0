"""Data for an image's owner only are given to no one else by any service."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from container import Container
from domain.captions import ModelTags, Source, Suggestion
from domain.ids import UserId
from domain.images import Image
from domain.pages import PageRequest
from domain.rankings import Window
from domain.understanding import INTERNAL, WORKER_DIED, Task
from domain.users import SignUp
from domain.vision import Verdict
from tests.containers import container_for
from tests.doubles import label
from tests.sample_images import a_jpeg

FIRST_PAGE = PageRequest(10)


@pytest.fixture
async def container(either_store: str | None) -> AsyncIterator[Container]:
    async with container_for(either_store) as container:
        yield container


async def sign_up(container: Container, name: str) -> UserId:
    profile = await container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse battery"))
    return profile.user.id


async def add_image_with_secrets(container: Container, owner: UserId) -> Image:
    """An image in a public post, with a duplicate of the owner."""
    first = await container.uploading().upload(owner, a_jpeg())
    await container.posting().publish(owner, "the first", (first.id,))
    image = await container.uploading().upload(owner, a_jpeg())
    await container.posting().publish(owner, "a secret #dog", (image.id,))
    async with container.storage().begin() as uow:
        present = await uow.images.get(image.id)
        assert present
        suggestion = Suggestion("the secret draft", Source.MODEL, "test", "test/1")
        await uow.images.save_description(
            replace(present, suggestion=suggestion, model_tags=ModelTags(("secret",), "test", "test/1"))
        )
        await uow.images.save_labels({image.id: [label("tabby", 0.9)]})
        for task in Task:
            row = await uow.understandings.get(image.id, task)
            assert row
            await uow.understandings.save(row.mark_failed("secret error"))
        await uow.embeddings.save("test@1", {one: (1.0, *([0.0] * 1279)) for one in (image.id, first.id)})
        await uow.commit()
    await container.label_feedback().judge(image.id, owner, label("tabby", 0.9).key, Verdict.WRONG)
    return image


async def read_everywhere(container: Container, image: Image, owner: UserId, viewer: UserId | None) -> list[Image]:
    """The image from every service, for this viewer."""
    alone = await container.uploading().image(image.id, viewer)
    assert alone.post_id
    views = [await container.browsing().post(alone.post_id, viewer)]
    views += (await container.browsing().newest(viewer, FIRST_PAGE)).items
    views += (await container.browsing().of_author("ada", viewer, FIRST_PAGE)).items
    views += (await container.browsing().liked_by("ada", viewer, FIRST_PAGE)).items
    views += [one.view for one in (await container.ranking().trending(viewer, FIRST_PAGE)).items]
    views += [one.view for one in (await container.ranking().most_liked(viewer, Window.ALL, FIRST_PAGE)).items]
    views += [one.view for one in (await container.searching().by_words("dog", viewer, FIRST_PAGE)).items]
    views += [one.view for one in (await container.tagging().posts("dog", viewer, FIRST_PAGE)).items]
    (first,) = [one for one in (await container.uploading().of_owner(owner, FIRST_PAGE)).items if one.id != image.id]
    views += [one.view for one in (await container.searching().similar(first.id, viewer, 10)).posts]
    if viewer:
        views += (await container.browsing().home(viewer, FIRST_PAGE)).items
    found = [one for view in views for one in view.images if one.id == image.id]
    assert len(found) >= 8
    return [alone, *found]


def secrets_of(image: Image) -> Iterator[object]:
    yield image.suggestion
    yield image.model_tags
    yield image.fingerprint
    yield image.duplicates or None
    yield image.labels or None
    yield from (row.error for row in image.understanding.values())


async def test_private_fields_are_for_owner_only(container: Container) -> None:
    ada, bob = await sign_up(container, "ada"), await sign_up(container, "bob")
    image = await add_image_with_secrets(container, ada)
    present = await container.uploading().image(image.id, ada)
    assert present.post_id
    await container.liking().like(present.post_id, ada)
    await container.following().follow(bob, "ada")

    for shown in await read_everywhere(container, image, ada, ada):
        assert None not in list(secrets_of(shown))
    for viewer in (bob, None):
        for shown in await read_everywhere(container, image, ada, viewer):
            assert set(secrets_of(shown)) == {None}


@pytest.mark.parametrize("text", ["OSError: /srv/secret", f"{INTERNAL}: OSError: /srv/secret", "error: secret bytes"])
async def test_exception_text_is_for_operator_only(container: Container, text: str) -> None:
    ada = await sign_up(container, "ada")
    image = await add_image_with_secrets(container, ada)
    async with container.storage().begin() as uow:
        row = await uow.understandings.get(image.id, Task.CLASSIFICATION)
        assert row
        await uow.understandings.save(row.mark_failed(text))
        await uow.commit()

    listed = [one for one in (await container.uploading().of_owner(ada, FIRST_PAGE)).items if one.id == image.id]
    for shown in [*listed, await container.uploading().image(image.id, ada)]:
        said = shown.understanding[Task.CLASSIFICATION].error
        assert said is not None
        assert said.startswith(f"{INTERNAL}: a fault of Tintype's own")
    assert text in [row.error for row in await container.image_analysis().find_stuck(10)]


async def test_owner_sees_error_of_image(container: Container) -> None:
    ada = await sign_up(container, "ada")
    image = await add_image_with_secrets(container, ada)
    for text in ("broken_image: the file ends after 12 bytes", "model_missing", WORKER_DIED):
        async with container.storage().begin() as uow:
            row = await uow.understandings.get(image.id, Task.CLASSIFICATION)
            assert row
            await uow.understandings.save(row.mark_failed(text))
            await uow.commit()
        assert (await container.uploading().image(image.id, ada)).understanding[Task.CLASSIFICATION].error == text
