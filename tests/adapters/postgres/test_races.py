"""Concurrent writes of the same rows are serialized: all take their locks in the same order, so that no deadlock
occurs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from functools import partial
from random import Random
from typing import Any

import pytest

from adapters.postgres.ranking_reader import PostgresRankingReader
from adapters.postgres.ranking_snapshots import PostgresRankingSnapshots
from container import Container
from domain.errors import Conflict, DomainError, NotFound
from domain.ids import ImageId, PostId, UserId
from domain.jobs import Job
from domain.pages import Page, PageRequest
from domain.rankings import RankedPost, Window
from domain.understanding import Task
from domain.users import ProfileChanges, SignUp
from tests.containers import postgres_container
from tests.databases import empty_database
from tests.sample_images import a_jpeg

pytestmark = pytest.mark.postgres

FIRST = PageRequest()
ROUNDS = 25


async def gather_refusals(*writes: Coroutine[Any, Any, object]) -> list[DomainError]:
    """The errors of the refused ones among concurrent writes."""
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert all(isinstance(error, DomainError) for error in errors), errors
    return errors  # type: ignore[return-value]  # as asserted


async def scramble(container: Container, ada: UserId) -> list[DomainError]:
    """All possible writes of one image at once, while it is the avatar of its owner."""
    image_id: ImageId = (await container.uploading().upload(ada, a_jpeg())).id
    await container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image_id))
    understanding, uploading = container.image_analysis(), container.uploading()
    first = await gather_refusals(
        container.posting().publish(ada, "", (image_id,)),
        uploading.delete(image_id, ada),
        container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image_id)),
        uploading.describe(image_id, ada, "an image"),
        understanding.attempt(Job(Task.CLASSIFICATION, image_id)),
        understanding.request_again(image_id, ada, Task.CLASSIFICATION),
    )
    posted = [view.post.id for view in (await container.browsing().of_author("ada", None, FIRST)).items]
    return first + await gather_refusals(
        *(container.posting().delete(post_id, ada) for post_id in posted),
        container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image_id)),
        understanding.attempt(Job(Task.CLASSIFICATION, image_id)),
        understanding.attempt(Job(Task.CAPTION, image_id)),
    )


@pytest.fixture
async def container(database_url: str) -> AsyncIterator[Container]:
    await empty_database(database_url)
    container = postgres_container(database_url)
    yield container
    await container.database().close()


async def test_concurrent_writes_of_image_do_not_deadlock(
    container: Container,
) -> None:
    ada = (await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))).user.id

    told = [error for _ in range(ROUNDS) for error in await scramble(container, ada)]

    assert [error.detail for error in told if not isinstance(error, NotFound | Conflict)] == []
    assert list(await container.storage().counters.verify()) == []


async def delete_during_analysis(container: Container, ada: UserId, turn: int) -> list[DomainError]:
    """Delete a post while its image is classified, described and given a verdict."""
    image = (await container.uploading().upload(ada, a_jpeg(seed=turn))).id
    attempt = container.image_analysis().attempt
    looked = asyncio.create_task(gather_refusals(attempt(Job(Task.CLASSIFICATION, image))))
    post = (await container.posting().publish(ada, "#sea", (image,))).post.id
    told = await gather_refusals(
        attempt(Job(Task.CAPTION, image)),
        container.uploading().describe(image, ada, "the sea"),
        container.posting().edit(post, ada, "#land"),
        container.posting().delete(post, ada),
    )
    return told + await looked


async def test_deletion_during_analysis_does_not_deadlock(container: Container) -> None:
    ada = (await container.accounts().sign_up(SignUp("eve", "eve@example.org", "correct horse"))).user.id

    told = [error for turn in range(2 * ROUNDS) for error in await delete_during_analysis(container, ada, turn)]

    assert [error.detail for error in told if not isinstance(error, NotFound | Conflict)] == []


async def publish_post(container: Container, author: UserId, seed: int) -> PostId:
    image = await container.uploading().upload(author, a_jpeg(seed=seed))
    return (await container.posting().publish(author, "", (image.id,))).post.id


async def delete_busy_account(container: Container, bob: UserId, bobs_post: PostId, name: str) -> list[DomainError]:
    """Delete an account while it and others like, comment and follow."""
    guest = (await container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))).user.id
    posts = [await publish_post(container, guest, seed) for seed in range(2)]
    liking, commenting, following = container.liking(), container.commenting(), container.following()
    await liking.like(bobs_post, guest)
    await commenting.comment(bobs_post, guest, "mine")
    return await gather_refusals(
        *(liking.like(post, bob) for post in posts),
        *(commenting.comment(post, bob, "yours") for post in posts),
        container.accounts().delete(guest),
        liking.unlike(bobs_post, guest),
        commenting.comment(bobs_post, guest, "again"),
        following.follow(bob, name),
        following.follow(guest, "bob"),
        *(container.posting().delete(post, guest) for post in posts),
    )


async def test_deletion_of_busy_account_does_not_deadlock(container: Container) -> None:
    bob = (await container.accounts().sign_up(SignUp("bob", "bob@example.org", "correct horse"))).user.id
    post = await publish_post(container, bob, 9)

    told = [
        error for turn in range(ROUNDS) for error in await delete_busy_account(container, bob, post, f"guest_{turn}")
    ]

    assert [error.detail for error in told if not isinstance(error, NotFound | Conflict)] == []
    assert list(await container.storage().counters.verify()) == []


async def test_ranking_returns_each_post_once_during_likes(container: Container) -> None:
    """With a small depth, a part of an order has five posts."""
    database = container.database()
    reader = PostgresRankingReader(database, PostgresRankingSnapshots(database, max_depth=60, max_snapshots=100))
    people = [
        (await container.accounts().sign_up(SignUp(f"user_{n}", f"user_{n}@example.org", "correct horse"))).user.id
        for n in range(12)
    ]
    posts = []
    for number, author in enumerate(people):
        image = await container.uploading().upload(author, a_jpeg(seed=number))
        posts.append((await container.posting().publish(author, "", (image.id,))).post.id)
    ranking = postgres_container(
        database.url, database=database, clock=container.clock(), ranking_reader=reader
    ).ranking()
    liking, over = container.liking(), asyncio.Event()
    likes = 0

    async def like(person: UserId, chance: Random) -> None:
        nonlocal likes
        while not over.is_set():
            await (liking.like if chance.random() < 0.6 else liking.unlike)(chance.choice(posts), person)
            likes += 1

    async def walk_pages(list_page: Callable[[PageRequest], Awaitable[Page[RankedPost]]]) -> list[PostId]:
        shown: list[PostId] = []
        page = PageRequest(2)
        while True:
            found = await list_page(page)
            shown += [ranked.view.post.id for ranked in found.items]
            if found.next is None:
                return shown
            page = PageRequest(2, found.next)

    async def walk() -> None:
        try:
            for _ in range(ROUNDS):
                for list_page in (partial(ranking.most_liked, None, Window.ALL), partial(ranking.trending, None)):
                    assert sorted(await walk_pages(list_page)) == sorted(posts)
        finally:
            over.set()

    await asyncio.gather(walk(), *(like(person, Random(number)) for number, person in enumerate(people[:6])))  # noqa: S311

    assert likes > ROUNDS
    assert await container.storage().counters.verify() == []
