"""The memory storage and PostgreSQL give exactly the same results for the same random steps."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adapters.memory.clock import MemoryClock
from adapters.postgres.database import Database
from container import Container
from domain.errors import DomainError
from domain.ids import CommentId, ImageId, PostId, UserId
from domain.images import Image
from domain.jobs import Job
from domain.pages import Page, PageRequest
from domain.posts import Visibility
from domain.rankings import RankedPost, Window
from domain.understanding import Task
from domain.users import ProfileChanges, SignUp
from domain.vision import Verdict
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.examples import scale_examples
from tests.sample_images import a_jpeg

T = TypeVar("T")
Action = Callable[[Container], Awaitable[Any]]
Listing = Callable[[Container, PageRequest], Awaitable[Page[Any]]]

NAMES = ["ada", "bob", "eve", "mia"]
PICK = st.integers(0, 999)
"""Indices of existing objects. Deleted ones are included, so that refusals are compared too."""
RARELY = st.sampled_from([True, False, False, False, False])
LIMITS = st.integers(1, 4)
WINDOWS = st.none() | st.sampled_from(Window)
"""None means trending."""
TYPED = [
    "café",
    "CAFE",
    "#Café",
    "#cafè",
    "猫がかわいい",
    "猫が",
    "＃猫",
    "#パリ",
    "バリ",
    "#हिन्दी",
    "दिन",
    "อากาศดี",
    "กา",
    "🐶🐱",
    "🐶",
]
WRITING = st.text(max_size=3) | st.lists(st.sampled_from(TYPED), max_size=4).map(" ".join)
VISIBILITIES = st.sampled_from(Visibility)


class StorageEquivalence(RuleBasedStateMachine):
    """Every rule performs one action on both storages and compares the results, including refusals."""

    database_url: str
    runner: asyncio.Runner
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.runner.run(empty_database(self.database_url))
        self.clocks = (MemoryClock(), MemoryClock())
        self.containers = (
            memory_container(clock=self.clocks[0]),
            postgres_container(self.database_url, clock=self.clocks[1], database=self.database),
        )
        self.people: list[UserId] = []
        self.images: list[tuple[ImageId, UserId]] = []
        self.posts: list[tuple[PostId, UserId]] = []
        self.comments: list[tuple[CommentId, UserId]] = []
        self.cursors: list[tuple[Window | None, UserId | None, list[PageRequest]]] = []

    def both(self, act: Action) -> Any:
        memory, postgres = (self.runner.run(outcome(act, container)) for container in self.containers)
        assert memory == postgres
        return memory

    def read_pages(self, listing: Listing, limit: int) -> None:
        """Read a list to its end in both storages."""
        after = None
        while True:
            page = self.both(partial(self._one_page, listing, PageRequest(limit, after)))
            if not isinstance(page, Page) or page.next is None:
                return
            after = page.next

    @staticmethod
    def _one_page(listing: Listing, request: PageRequest, container: Container) -> Awaitable[Page[Any]]:
        return listing(container, request)

    @initialize()
    def add_initial_data(self) -> None:
        """Three users who follow each other, with images, likes and comments."""
        for name in NAMES[:3]:
            self.sign_up(name)
        for number, author in enumerate(self.people * 2):
            self.upload(number, number)
            self.publish(number, 1, "hello")
            self.like(number, number + 1, False)
            self.like(0, number, False)
            self.comment(number, number + 2, "well seen")
            self.follow(number, NAMES[number % 3], False)
            assert author == self.posts[-1][1]

    @rule(name=st.sampled_from([*NAMES, "Ada", "x", "né"]))
    def sign_up(self, name: str) -> None:
        found = self.both(
            lambda container: container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))
        )
        if not isinstance(found, tuple):
            self.people.append(found.user.id)

    @rule(owner=PICK, seed=st.integers(0, 5))
    def upload(self, owner: int, seed: int) -> None:
        owner_id = pick_from(self.people, owner)
        found = self.both(lambda container: container.uploading().upload(owner_id, a_jpeg(seed=seed)))
        if not isinstance(found, tuple):
            self.images.append((found.id, owner_id))

    @rule(image=PICK, number=st.integers(1, 3), text=WRITING, visibility=VISIBILITIES)
    def publish(self, image: int, number: int, text: str, visibility: Visibility = Visibility.PUBLIC) -> None:
        """Publish the newest images of this image's owner; some are in a post already."""
        author = pick_from(self.images, image)[1]
        own = [image_id for image_id, owner in reversed(self.images) if owner == author][:number]
        found = self.both(lambda container: container.posting().publish(author, text, tuple(own), visibility))
        if hasattr(found, "post"):
            self.posts.append((found.post.id, author))

    @rule(
        post=PICK,
        by_other=RARELY,
        user=PICK,
        text=st.sampled_from(["edited #dog", "x" * 2201, None]),
        visibility=st.none() | VISIBILITIES,
    )
    def edit(self, post: int, by_other: bool, user: int, text: str | None, visibility: Visibility | None) -> None:
        post_id, author = pick_from(self.posts, post)
        editor = pick_from(self.people, user) if by_other else author
        self.both(lambda container: container.posting().edit(post_id, editor, text, visibility))

    @rule(post=PICK, by_other=RARELY, user=PICK)
    def delete_post(self, post: int, by_other: bool, user: int) -> None:
        post_id, author = pick_from(self.posts, post)
        deleter = pick_from(self.people, user) if by_other else author
        self.both(lambda container: container.posting().delete(post_id, deleter))

    @rule(image=PICK, by_other=RARELY, user=PICK)
    def delete_image(self, image: int, by_other: bool, user: int) -> None:
        image_id, owner = pick_from(self.images, image)
        deleter = pick_from(self.people, user) if by_other else owner
        self.both(lambda container: container.uploading().delete(image_id, deleter))

    @rule(image=PICK, text=st.sampled_from(["a dog", None]))
    def describe(self, image: int, text: str | None) -> None:
        image_id, owner = pick_from(self.images, image)
        self.both(lambda container: container.uploading().describe(image_id, owner, text))

    @rule(image=PICK)
    def classify(self, image: int) -> None:
        """Classify like a worker."""
        job = Job(Task.CLASSIFICATION, pick_from(self.images, image)[0])
        self.both(lambda container: container.image_analysis().attempt(job))

    @rule(images=st.lists(PICK, min_size=2, max_size=4))
    def classify_together(self, images: list[int]) -> None:
        """Classify a batch like a worker with a backlog."""
        jobs = [Job(Task.CLASSIFICATION, pick_from(self.images, image)[0]) for image in images]
        self.both(lambda container: container.image_analysis().attempt(*jobs))

    @rule(image=PICK, by_other=RARELY, user=PICK, verdict=st.sampled_from(Verdict))
    def judge(self, image: int, by_other: bool, user: int, verdict: Verdict) -> None:
        image_id, owner = pick_from(self.images, image)
        judge = pick_from(self.people, user) if by_other else owner
        seen = self.both(lambda container: container.uploading().image(image_id, owner))
        key = seen.labels[0].key if isinstance(seen, Image) and seen.labels else "tag:dog"
        self.both(lambda container: container.label_feedback().judge(image_id, judge, key, verdict))
        self.both(lambda container: container.label_feedback().verdict_counts())

    @rule(image=PICK, by_other=RARELY, user=PICK)
    def set_avatar(self, image: int, by_other: bool, user: int) -> None:
        image_id, owner = pick_from(self.images, image)
        wearer = pick_from(self.people, user) if by_other else owner
        self.both(lambda container: container.accounts().edit_profile(wearer, ProfileChanges(avatar_image_id=image_id)))

    @rule(follower=PICK, name=st.sampled_from(NAMES), stop=RARELY)
    def follow(self, follower: int, name: str, stop: bool) -> None:
        who = pick_from(self.people, follower)
        self.both(
            lambda container: (container.following().unfollow if stop else container.following().follow)(who, name)
        )

    @rule(user=PICK, private=st.booleans())
    def set_private(self, user: int, private: bool) -> None:
        who = pick_from(self.people, user)
        self.both(lambda container: container.accounts().edit_profile(who, ProfileChanges(private=private)))

    @rule(user=PICK, name=st.sampled_from(NAMES), accept=st.booleans())
    def answer_request(self, user: int, name: str, accept: bool) -> None:
        who = pick_from(self.people, user)
        self.read_pages(lambda container, page: container.following().requests(who, page), 2)
        self.both(
            lambda container: (container.following().accept if accept else container.following().refuse)(who, name)
        )

    @rule(user=PICK, name=st.sampled_from(NAMES), stop=st.booleans())
    def block(self, user: int, name: str, stop: bool) -> None:
        who = pick_from(self.people, user)
        self.both(lambda container: (container.blocking().unblock if stop else container.blocking().block)(who, name))
        self.read_pages(lambda container, page: container.blocking().list_blocked(who, page), 2)

    @rule(user=PICK, name=st.sampled_from(NAMES), stop=st.booleans())
    def mute(self, user: int, name: str, stop: bool) -> None:
        who = pick_from(self.people, user)
        self.both(lambda container: (container.blocking().unmute if stop else container.blocking().mute)(who, name))
        self.read_pages(lambda container, page: container.blocking().list_muted(who, page), 2)

    @rule(post=PICK, user=PICK, stop=RARELY)
    def like(self, post: int, user: int, stop: bool) -> None:
        post_id, who = pick_from(self.posts, post)[0], pick_from(self.people, user)
        self.both(lambda container: (container.liking().unlike if stop else container.liking().like)(post_id, who))

    @rule(post=PICK, author=PICK, text=st.sampled_from(["hm", "well", " "]))
    def comment(self, post: int, author: int, text: str) -> None:
        post_id, who = pick_from(self.posts, post)[0], pick_from(self.people, author)
        found = self.both(lambda container: container.commenting().comment(post_id, who, text))
        if not isinstance(found, tuple):
            self.comments.append((found.comment.id, who))

    @rule(comment=PICK, by_other=RARELY, user=PICK)
    def delete_comment(self, comment: int, by_other: bool, user: int) -> None:
        comment_id, author = pick_from(self.comments, comment)
        deleter = pick_from(self.people, user) if by_other else author
        self.both(lambda container: container.commenting().delete(comment_id, deleter))

    @rule(user=PICK, really=RARELY)
    def leave(self, user: int, really: bool) -> None:
        if really:
            self.both(lambda container: container.accounts().delete(pick_from(self.people, user)))

    @rule(viewer=PICK, limit=LIMITS)
    def page_through_feeds(self, viewer: int, limit: int) -> None:
        who = pick_from(self.people, viewer)
        self.read_pages(lambda container, page: container.browsing().newest(who, page), limit)
        self.read_pages(lambda container, page: container.browsing().home(who, page), limit)
        self.read_pages(lambda container, page: container.uploading().of_owner(who, page), limit)

    @rule(
        words=st.lists(st.sampled_from(["hello", "dog", "edited", "a", "animal", *TYPED]), min_size=1, max_size=2),
        prefix=st.sampled_from(["a", "b", "ada", "E", "_", "x"]),
        viewer=st.none() | PICK,
        limit=LIMITS,
    )
    def search(self, words: list[str], prefix: str, viewer: int | None, limit: int) -> None:
        who = None if viewer is None else pick_from(self.people, viewer)
        self.read_pages(lambda container, page: container.searching().by_words(" ".join(words), who, page), limit)
        self.read_pages(lambda container, page: container.tagging().posts(words[0], who, page), limit)
        self.both(lambda container: container.tagging().spelling(words[0]))
        self.both(lambda container: container.searching().people(prefix, who, limit))
        self.both(lambda container: container.tagging().rising_tags(limit))

    @rule(user=PICK, limit=LIMITS, mark=st.booleans())
    def read_notifications(self, user: int, limit: int, mark: bool) -> None:
        who = pick_from(self.people, user)
        self.read_pages(lambda container, page: container.notifying().list_notifications(who, page), limit)
        self.both(lambda container: container.notifying().unread_count(who))
        notifications = self.both(lambda container: container.notifying().list_notifications(who, PageRequest(limit)))
        if mark and notifications.items:
            self.both(lambda container: container.notifying().mark_read(who, notifications.items[-1].id))

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        for clock in self.clocks:
            clock.advance(timedelta(seconds=seconds))

    @rule(name=st.sampled_from(NAMES), viewer=PICK, limit=LIMITS)
    def page_through_a_profile(self, name: str, viewer: int, limit: int) -> None:
        who = pick_from(self.people, viewer)
        self.both(lambda container: container.accounts().profile(name, who))
        self.read_pages(lambda container, page: container.browsing().of_author(name, who, page), limit)
        self.read_pages(lambda container, page: container.browsing().liked_by(name, who, page), limit)
        self.read_pages(lambda container, page: container.following().followers(name, who, page), limit)
        self.read_pages(lambda container, page: container.following().following(name, who, page), limit)

    @rule(post=PICK, viewer=st.none() | PICK, limit=LIMITS)
    def page_through_a_post(self, post: int, viewer: int | None, limit: int) -> None:
        post_id, who = pick_from(self.posts, post)[0], None if viewer is None else pick_from(self.people, viewer)
        self.both(lambda container: container.browsing().post(post_id, who))
        self.read_pages(lambda container, page: container.liking().likers(post_id, who, page), limit)
        self.read_pages(lambda container, page: container.commenting().of_post(post_id, who, page), limit)

    @rule(window=WINDOWS, viewer=st.none() | PICK, limit=LIMITS)
    def start_paging(self, window: Window | None, viewer: int | None, limit: int) -> None:
        """Read the first page of a ranking; each storage has its own positions."""
        who = None if viewer is None else pick_from(self.people, viewer)
        self.cursors.append((window, who, [PageRequest(limit) for _ in self.containers]))
        self.continue_paging(-1)

    @rule(cursor=PICK)
    def continue_paging(self, cursor: int) -> None:
        """Read the next page of a ranking, after any other steps."""
        if not self.cursors:
            return
        window, who, requests = self.cursors.pop(cursor % len(self.cursors))
        memory, postgres = (
            self.runner.run(read_ranking(container, window, who, page))
            for container, page in zip(self.containers, requests, strict=True)
        )
        assert memory.items == postgres.items
        assert (memory.next is None) == (postgres.next is None)
        if memory.next is not None:
            limit = requests[0].limit
            self.cursors.append((window, who, [PageRequest(limit, page.next) for page in (memory, postgres)]))

    def page_through_rankings(self) -> None:
        for window in (*Window, None):
            self.start_paging(window, None, 2)
        while self.cursors:
            self.continue_paging(0)

    @invariant()
    def counts_are_exact(self) -> None:
        assert self.both(lambda container: container.storage().counters.verify()) == ()

    def teardown(self) -> None:
        self.page_through_rankings()
        self.page_through_feeds(0, 3)
        for user in range(len(self.people)):
            self.read_notifications(user, 2, mark=False)


async def read_ranking(
    container: Container, window: Window | None, who: UserId | None, page: PageRequest
) -> Page[RankedPost]:
    """The most liked posts of a window, or the trending ones."""
    ranking = container.ranking()
    found: Page[RankedPost] = await (
        ranking.trending(who, page) if window is None else ranking.most_liked(who, window, page)
    )
    return found


def pick_from(things: list[T], pick: int) -> T:
    return things[pick % len(things)]


async def outcome(act: Action, container: Container) -> Any:
    """The result, or the refusal as data for the comparison."""
    try:
        found = await act(container)
    except DomainError as error:
        return type(error).__name__, error.detail, error.facts
    return tuple(found) if isinstance(found, list) else found


@pytest.mark.postgres
def test_storages_give_same_results(database_url: str) -> None:
    """The examples share a connection pool: a new one would compile and prepare all statements again."""
    with asyncio.Runner() as used:

        class Machine(StorageEquivalence):
            runner = used
            database = Database(database_url)

        Machine.database_url = database_url
        try:
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    max_examples=scale_examples(15),
                    stateful_step_count=40,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            used.run(Machine.database.close())
