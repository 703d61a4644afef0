"""The memory world and the PostgreSQL world, given the same random steps, give the same answers to the letter."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from container import Container
from domain.errors import DomainError
from domain.ids import CommentId, ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.ranking import Window
from domain.users import ProfileChanges, SignUp
from tests.pictures import a_jpeg
from tests.worlds import memory_container, postgres_container

Act = Callable[[Container], Awaitable[Any]]
Listing = Callable[[Container, PageRequest], Awaitable[Page[Any]]]

NOBODY = UserId(UUID(int=0))
NOTHING = UUID(int=0)
LIMITS = st.integers(1, 4)


class Worlds(RuleBasedStateMachine):
    """Every rule does one thing in both worlds and compares what came of it, refusals included."""

    people = Bundle("people")
    images = Bundle("images")
    posts = Bundle("posts")
    comments = Bundle("comments")
    database_url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.worlds = (memory_container(), postgres_container(self.database_url))

    def both(self, act: Act) -> Any:
        memory, postgres = (self.runner.run(outcome(act, world)) for world in self.worlds)
        assert memory == postgres
        return memory

    def walk(self, listing: Listing, limit: int) -> None:
        """Page through a list to its end in both worlds."""
        after = None
        while True:
            page = self.both(partial(self._one_page, listing, PageRequest(limit, after)))
            if not isinstance(page, Page) or page.next is None:
                return
            after = page.next

    @staticmethod
    def _one_page(listing: Listing, request: PageRequest, world: Container) -> Awaitable[Page[Any]]:
        return listing(world, request)

    @rule(target=people, name=st.sampled_from(["ada", "Ada", "bob", "eve", "mia", "x", "né"]))
    def sign_up(self, name: str) -> UserId:
        found = self.both(lambda world: world.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse")))
        return NOBODY if isinstance(found, tuple) else found.user.id

    @rule(target=images, owner=people, seed=st.integers(0, 3))
    def upload(self, owner: UserId, seed: int) -> ImageId:
        if owner == NOBODY:
            return ImageId(NOTHING)
        found = self.both(lambda world: world.uploading().upload(owner, a_jpeg(seed=seed)))
        return ImageId(NOTHING) if isinstance(found, tuple) else found.id

    @rule(target=posts, author=people, pictures=st.lists(images, min_size=1, max_size=3), text=st.text(max_size=3))
    def publish(self, author: UserId, pictures: list[ImageId], text: str) -> PostId:
        if author == NOBODY:
            return PostId(NOTHING)
        found = self.both(lambda world: world.posting().publish(author, text, tuple(pictures)))
        return PostId(NOTHING) if isinstance(found, tuple) else found.post.id

    @rule(target=posts, author=people, seed=st.integers(0, 9))
    def post_a_picture(self, author: UserId, seed: int) -> PostId:
        return self.publish_one(author, self.upload_one(author, seed))

    def upload_one(self, owner: UserId, seed: int) -> ImageId:
        found = self.both(lambda world: world.uploading().upload(owner, a_jpeg(seed=seed)))
        return ImageId(NOTHING) if isinstance(found, tuple) else found.id

    def publish_one(self, author: UserId, image: ImageId) -> PostId:
        found = self.both(lambda world: world.posting().publish(author, "one", (image,)))
        return PostId(NOTHING) if isinstance(found, tuple) else found.post.id

    @rule(post=posts, author=people, text=st.sampled_from(["edited", "x" * 2201]))
    def edit(self, post: PostId, author: UserId, text: str) -> None:
        self.both(lambda world: world.posting().edit(post, author, text))

    @rule(post=posts, author=people)
    def delete_post(self, post: PostId, author: UserId) -> None:
        self.both(lambda world: world.posting().delete(post, author))

    @rule(image=images, owner=people)
    def delete_image(self, image: ImageId, owner: UserId) -> None:
        self.both(lambda world: world.uploading().delete(image, owner))

    @rule(image=images, owner=people, text=st.sampled_from(["a dog", None]))
    def describe(self, image: ImageId, owner: UserId, text: str | None) -> None:
        self.both(lambda world: world.uploading().describe(image, owner, text))

    @rule(image=images, owner=people)
    def wear(self, image: ImageId, owner: UserId) -> None:
        self.both(lambda world: world.accounts().edit_profile(owner, ProfileChanges(avatar_image_id=image)))

    @rule(follower=people, name=st.sampled_from(["ada", "bob", "eve", "mia"]), stop=st.booleans())
    def follow(self, follower: UserId, name: str, stop: bool) -> None:
        self.both(lambda world: (world.following().unfollow if stop else world.following().follow)(follower, name))

    @rule(post=posts, user=people, stop=st.booleans())
    def like(self, post: PostId, user: UserId, stop: bool) -> None:
        self.both(lambda world: (world.liking().unlike if stop else world.liking().like)(post, user))

    @rule(target=comments, post=posts, author=people, text=st.sampled_from(["hm", "well", " "]))
    def comment(self, post: PostId, author: UserId, text: str) -> CommentId:
        found = self.both(lambda world: world.commenting().comment(post, author, text))
        return CommentId(NOTHING) if isinstance(found, tuple) else found.comment.id

    @rule(comment=comments, user=people)
    def delete_comment(self, comment: CommentId, user: UserId) -> None:
        self.both(lambda world: world.commenting().delete(comment, user))

    @rule(user=people)
    def leave(self, user: UserId) -> None:
        self.both(lambda world: world.accounts().delete(user))

    @rule()
    def work(self) -> None:
        self.both(lambda world: world.understanding().status())

    @rule(viewer=people, limit=LIMITS)
    def page_through_feeds(self, viewer: UserId, limit: int) -> None:
        self.walk(lambda world, page: world.browsing().newest(viewer, page), limit)
        self.walk(lambda world, page: world.browsing().home(viewer, page), limit)
        self.walk(lambda world, page: world.uploading().of_owner(viewer, page), limit)

    @rule(name=st.sampled_from(["ada", "bob", "eve"]), viewer=people, limit=LIMITS)
    def page_through_a_profile(self, name: str, viewer: UserId, limit: int) -> None:
        self.both(lambda world: world.accounts().profile(name, viewer))
        self.walk(lambda world, page: world.browsing().of_author(name, viewer, page), limit)
        self.walk(lambda world, page: world.browsing().liked_by(name, viewer, page), limit)
        self.walk(lambda world, page: world.following().followers(name, viewer, page), limit)
        self.walk(lambda world, page: world.following().following(name, viewer, page), limit)

    @rule(post=posts, viewer=st.none() | people, limit=LIMITS)
    def page_through_a_post(self, post: PostId, viewer: UserId | None, limit: int) -> None:
        self.both(lambda world: world.browsing().post(post, viewer))
        self.walk(lambda world, page: world.liking().who_liked(post, viewer, page), limit)
        self.walk(lambda world, page: world.commenting().under(post, viewer, page), limit)

    @rule(window=st.sampled_from(Window), limit=LIMITS)
    def page_through_rankings(self, window: Window, limit: int) -> None:
        self.walk(lambda world, page: world.ranking().most_liked(None, window, page), limit)
        self.walk(lambda world, page: world.ranking().trending(None, page), limit)

    @invariant()
    def counts_are_exact(self) -> None:
        assert self.both(lambda world: world.counters().verify()) == ()

    def teardown(self) -> None:
        self.runner.run(self.worlds[1].database().close())
        self.runner.close()


async def outcome(act: Act, world: Container) -> Any:
    """The answer, or the refusal as plain data, so that the two worlds' refusals are compared too."""
    try:
        found = await act(world)
    except DomainError as error:
        return type(error).__name__, error.detail, error.facts
    return tuple(found) if isinstance(found, list) else found


@pytest.mark.postgres
def test_both_worlds_give_the_same_answers(empty_database_url: Callable[[], str]) -> None:
    class Machine(Worlds):
        def __init__(self) -> None:
            self.database_url = empty_database_url()
            super().__init__()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
