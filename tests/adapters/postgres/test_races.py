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
from domain.effects import EFFECTS, Effect, NewDecision, Target, TargetKind
from domain.errors import Conflict, DomainError, Invalid, NotFound
from domain.ids import ImageId, PostId, UserId
from domain.jobs import Job
from domain.pages import Page, PageRequest
from domain.rankings import RankedPost, Window
from domain.reports import Reason
from domain.roles import Moderator, Role
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


async def test_decisions_and_writes_of_one_user_do_not_deadlock(container: Container) -> None:
    """Everything that a decision locks, at once: two users who comment and report each other, two moderators."""
    people = [
        (await container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))).user
        for name in ("ann", "ben", "mia", "eve")
    ]
    ann, ben, *_ = (user.id for user in people)
    moderators = [Moderator(user.id, user.username, Role.MODERATOR) for user in people[2:]]
    for moderator in moderators:
        await container.accounts().set_role(moderator.username, Role.MODERATOR)
    for turn in range(ROUNDS // 2):
        posts = [await publish_post(container, author, seed) for seed, author in enumerate((ann, ben), 2 * turn)]
        view = await container.commenting().comment(posts[0], ben, "well seen")
        images = (await container.browsing().post(posts[0], ann)).images
        targets = [
            Target(TargetKind.POST, posts[0]),
            Target(TargetKind.COMMENT, view.comment.id),
            Target(TargetKind.IMAGE, images[0].id),
            Target(TargetKind.USER, ann),
            Target(TargetKind.USER, ben),
        ]
        errors = await gather_refusals(
            *(
                decide(container, moderator, target, EFFECTS[target.kind][1])
                for target in targets
                for moderator in moderators
            ),
            container.commenting().comment(posts[0], ben, "again"),
            container.commenting().comment(posts[1], ann, "again"),
            container.accounts().edit_profile(ann, ProfileChanges(avatar_image_id=images[0].id)),
            decide(container, moderators[0], targets[4], Effect.SUSPEND),
            *(container.reporting().report(ann, Target(TargetKind.USER, ben), Reason.SPAM) for _ in range(3)),
            *(container.reporting().report(ben, Target(TargetKind.USER, ann), Reason.SPAM) for _ in range(3)),
            container.posting().delete(posts[1], ben),
        )
        assert all(isinstance(error, NotFound | Invalid) for error in errors), errors
        await gather_refusals(*(decide(container, moderators[0], target, Effect.NONE) for target in targets))

    shown = await publish_post(container, ann, 99)
    assert (await container.browsing().post(shown, None)).post.id == shown
    assert await container.storage().counters.verify() == []


async def decide(container: Container, moderator: Moderator, target: Target, effect: Effect) -> None:
    new = NewDecision(target, "a rule", "a reason", effect, None, container.clock().now())
    await container.moderating().decide(moderator, new)


async def test_concurrent_reports_of_one_target_are_one_group(container: Container) -> None:
    people = [
        (await container.accounts().sign_up(SignUp(f"user{n}", f"user{n}@example.org", "correct horse"))).user.id
        for n in range(8)
    ]
    target = Target(TargetKind.POST, await publish_post(container, people[0], 0))

    await asyncio.gather(*(container.reporting().report(who, target, Reason.SPAM) for who in people[1:] * 2))

    (group,) = (await container.moderating().queue(FIRST)).items
    assert (group.reports_count, dict(group.reasons)) == (7, {Reason.SPAM: 7})


async def scramble_batches(container: Container, author: UserId, turn: int) -> list[DomainError]:
    """Classify the images of several posts in overlapping batches while the posts change."""
    seeds = range(6)
    images = [(await container.uploading().upload(author, a_jpeg(seed=6 * turn + seed))).id for seed in seeds]
    posts = [(await container.posting().publish(author, "", (image,))).post.id for image in images[:4]]
    attempt, jobs = container.image_analysis().attempt, [Job(Task.CLASSIFICATION, image) for image in images]
    return await gather_refusals(
        attempt(*jobs),
        attempt(*reversed(jobs)),
        attempt(*jobs[2:], *jobs[:2]),
        container.posting().publish(author, "", (images[5],)),
        container.uploading().delete(images[4], author),
        *(container.liking().like(post, author) for post in reversed(posts)),
        *(container.posting().edit(post, author, "#land") for post in posts[:2]),
        container.posting().delete(posts[3], author),
        container.image_analysis().request_again(images[0], author, Task.CLASSIFICATION),
        *(attempt(Job(Task.CAPTION, image)) for image in images),
        container.image_analysis().retry_failed(),
    )


async def test_batches_do_not_deadlock(container: Container) -> None:
    fay = (await container.accounts().sign_up(SignUp("fay", "fay@example.org", "correct horse"))).user.id

    told = [error for turn in range(ROUNDS) for error in await scramble_batches(container, fay, turn)]

    assert [error.detail for error in told if not isinstance(error, NotFound | Conflict)] == []
