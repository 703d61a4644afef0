"""What only an image's owner may know of it, no service gives to anybody else."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from container import Container
from domain.captions import SaidTags, Source, Suggestion
from domain.ids import UserId
from domain.images import Image
from domain.pages import PageRequest
from domain.ranking import Window
from domain.understanding import INTERNAL, WORKER_DIED, Task
from domain.users import SignUp
from domain.vision import Verdict
from tests.doubles import label
from tests.pictures import a_jpeg
from tests.worlds import world_of

FIRST = PageRequest(10)


@pytest.fixture
async def world(either_store: str | None) -> AsyncIterator[Container]:
    async with world_of(either_store) as world:
        yield world


async def signed_up(world: Container, name: str) -> UserId:
    profile = await world.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse battery"))
    return profile.user.id


async def a_picture_with_secrets(world: Container, owner: UserId) -> Image:
    """In a public post, a duplicate of one of the owner's."""
    first = await world.uploading().upload(owner, a_jpeg())
    await world.posting().publish(owner, "the first", (first.id,))
    image = await world.uploading().upload(owner, a_jpeg())
    await world.posting().publish(owner, "a secret #dog", (image.id,))
    async with world.begin()() as uow:
        present = await uow.images.get(image.id)
        assert present
        suggestion = Suggestion("the secret draft", Source.MODEL, "test", "test/1")
        await uow.images.describe(replace(present, suggestion=suggestion, said=SaidTags(("secret",), "test", "test/1")))
        await uow.images.label(image.id, [label("tabby", 0.9)])
        for task in Task:
            row = await uow.understandings.get(image.id, task)
            assert row
            await uow.understandings.save(row.failed("secret error"))
        await uow.embeddings.save(image.id, "test@1", (1.0, *([0.0] * 1279)))
        await uow.embeddings.save(first.id, "test@1", (1.0, *([0.0] * 1279)))
        await uow.commit()
    await world.judging().judge(image.id, owner, label("tabby", 0.9).key, Verdict.WRONG)
    return image


async def everywhere(world: Container, image: Image, owner: UserId, viewer: UserId | None) -> list[Image]:
    """The image as each service gives it to that viewer."""
    alone = await world.uploading().image(image.id, viewer)
    assert alone.post_id
    views = [await world.browsing().post(alone.post_id, viewer)]
    views += (await world.browsing().newest(viewer, FIRST)).items
    views += (await world.browsing().of_author("ada", viewer, FIRST)).items
    views += (await world.browsing().liked_by("ada", viewer, FIRST)).items
    views += [one.view for one in (await world.ranking().trending(viewer, FIRST)).items]
    views += [one.view for one in (await world.ranking().most_liked(viewer, Window.ALL, FIRST)).items]
    views += [one.view for one in (await world.searching().by_words("dog", viewer, FIRST)).items]
    views += [one.view for one in (await world.tagging().posts("dog", viewer, FIRST)).items]
    (first,) = [one for one in (await world.uploading().of_owner(owner, FIRST)).items if one.id != image.id]
    views += [one.view for one in (await world.searching().similar(first.id, viewer, 10)).posts]
    if viewer:
        views += (await world.browsing().home(viewer, FIRST)).items
    found = [one for view in views for one in view.images if one.id == image.id]
    assert len(found) >= 8
    return [alone, *found]


def secrets_of(image: Image) -> Iterator[object]:
    yield image.suggestion
    yield image.said
    yield image.fingerprint
    yield image.duplicates or None
    yield image.labels or None
    yield from (row.error for row in image.understanding.values())


async def test_nobody_but_the_owner_is_given_what_is_theirs(world: Container) -> None:
    ada, bob = await signed_up(world, "ada"), await signed_up(world, "bob")
    image = await a_picture_with_secrets(world, ada)
    present = await world.uploading().image(image.id, ada)
    assert present.post_id
    await world.liking().like(present.post_id, ada)
    await world.following().follow(bob, "ada")

    for shown in await everywhere(world, image, ada, ada):
        assert None not in list(secrets_of(shown))
    for viewer in (bob, None):
        for shown in await everywhere(world, image, ada, viewer):
            assert set(secrets_of(shown)) == {None}


@pytest.mark.parametrize("text", ["OSError: /srv/secret", f"{INTERNAL}: OSError: /srv/secret", "error: secret bytes"])
async def test_the_text_of_an_exception_is_for_the_operator_alone(world: Container, text: str) -> None:
    ada = await signed_up(world, "ada")
    image = await a_picture_with_secrets(world, ada)
    async with world.begin()() as uow:
        row = await uow.understandings.get(image.id, Task.CLASSIFICATION)
        assert row
        await uow.understandings.save(row.failed(text))
        await uow.commit()

    listed = [one for one in (await world.uploading().of_owner(ada, FIRST)).items if one.id == image.id]
    for shown in [*listed, await world.uploading().image(image.id, ada)]:
        said = shown.understanding[Task.CLASSIFICATION].error
        assert said is not None
        assert said.startswith(f"{INTERNAL}: a fault of Tintype's own")
    assert text in [row.error for row in await world.understanding().stuck(10)]


async def test_the_owner_reads_what_is_wrong_with_their_picture(world: Container) -> None:
    ada = await signed_up(world, "ada")
    image = await a_picture_with_secrets(world, ada)
    for text in ("broken_image: the file ends after 12 bytes", "model_missing", WORKER_DIED):
        async with world.begin()() as uow:
            row = await uow.understandings.get(image.id, Task.CLASSIFICATION)
            assert row
            await uow.understandings.save(row.failed(text))
            await uow.commit()
        assert (await world.uploading().image(image.id, ada)).understanding[Task.CLASSIFICATION].error == text
