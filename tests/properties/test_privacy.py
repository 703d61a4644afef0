"""Nobody is shown what they may not see: every list and every read of both storages, against `domain.visibility`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.postgres.database import Database
from container import Container
from domain.errors import NotFound
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.posts import Visibility
from domain.ranking import Window
from domain.visibility import can_find_profile, can_see_comment, is_notified
from tests.databases import emptied
from tests.examples import share
from tests.properties.stories import NAMES, POSTS, STORIES, Story, Told, author_of, tried
from tests.worlds import memory_container, postgres_container

Listing = Callable[[PageRequest], Awaitable[Page[Any]]]
LIMIT = 2
"""Small enough that a list of three people has a second page."""


async def walked(listing: Listing) -> list[Any] | None:
    """All of a list, page by page; None when it is hidden."""
    found: list[Any] = []
    page = PageRequest(LIMIT)
    while True:
        try:
            answer = await listing(page)
        except NotFound:
            return None
        found += answer.items
        if answer.next is None:
            return found
        page = PageRequest(LIMIT, answer.next)


async def post_ids(listing: Listing) -> set[Any] | None:
    found = await walked(listing)
    return None if found is None else {getattr(one, "view", one).post.id for one in found}


async def names(listing: Listing) -> set[str] | None:
    found = await walked(listing)
    return None if found is None else {one.user.username for one in found}


@dataclass(frozen=True)
class Eyes:
    """One viewer, None for nobody, in front of a story that has happened."""

    told: Told
    viewer: str | None

    @property
    def who(self) -> UserId | None:
        return None if self.viewer is None else self.told.people[self.viewer]

    def met(self, people: set[str]) -> set[str]:
        return {name for name in people if not self.told.story.standing(self.viewer, name).blocked}

    async def look(self) -> None:
        for post in POSTS:
            await self.look_at_post(post)
        await self.look_at_mixed_lists()
        for name in NAMES:
            await self.look_at_person(name)
        if self.viewer is not None:
            await self.look_at_own_lists(self.viewer)

    async def look_at_post(self, post: int) -> None:
        world, story, who = self.told.world, self.told.story, self.who
        post_id, image_id = self.told.posts[post], self.told.images[post]
        sees, likers = story.sees(self.viewer, post), story.likers(post)

        view = await tried(world.browsing().post(post_id, who))
        assert (view is not None) == sees
        if view is not None:
            assert view.audience is story.audience(post)
            assert view.post.like_count == len(likers), "counts are the same for everybody"
        assert (await tried(world.uploading().image(image_id, who)) is not None) == sees

        liked = await names(lambda page: world.liking().who_liked(post_id, who, page))
        assert liked == (self.met(likers) if sees else None)
        said = await walked(lambda page: world.commenting().under(post_id, who, page))
        heard = [
            one
            for one, (under, author) in self.told.comments.items()
            if under == post
            and can_see_comment(story.standing(self.viewer, author), story.standing(author_of(post), author))
        ]
        assert (None if said is None else [one.comment.id for one in said]) == (heard if sees else None)
        alike = await tried(world.searching().similar(image_id, who, 100))
        shown = {self.told.posts[other] for other in POSTS if other != post and story.is_listed(self.viewer, other)}
        assert (None if alike is None else {one.view.post.id for one in alike.posts}) == (shown if sees else None)

    async def look_at_mixed_lists(self) -> None:
        world, story, who = self.told.world, self.told.story, self.who
        public = {
            post for post in POSTS if story.audience(post) is Visibility.PUBLIC and story.is_listed(self.viewer, post)
        }
        ids = {self.told.posts[post] for post in public}

        assert await post_ids(lambda page: world.browsing().newest(who, page)) == ids
        for window in Window:
            assert await post_ids(lambda page, of=window: world.ranking().most_liked(who, of, page)) == ids  # type: ignore[misc]
        everything = {self.told.posts[post] for post in POSTS if story.is_listed(self.viewer, post)}
        assert await post_ids(lambda page: world.searching().by_words("well", who, page)) == everything
        assert await post_ids(lambda page: world.tagging().posts("well", who, page)) == everything
        named = {one.user.username for name in NAMES for one in await world.searching().people(name, who, 10)}
        assert named == self.met(set(NAMES))
        trending = await walked(lambda page: world.ranking().trending(who, page)) or []
        assert {one.view.author.username for one in trending} == {author_of(post) for post in public}

    async def look_at_person(self, name: str) -> None:
        world, story, who = self.told.world, self.told.story, self.who
        profile = await tried(world.accounts().profile(name, who))
        hidden = not can_find_profile(
            blocked_by_owner=(name, self.viewer) in story.blocks, blocks_owner=(self.viewer, name) in story.blocks
        )
        assert (profile is None) == hidden

        posts = {self.told.posts[post] for post in POSTS if author_of(post) == name and story.sees(self.viewer, post)}
        likes = {
            self.told.posts[post] for post in POSTS if name in story.likers(post) and story.sees(self.viewer, post)
        }
        followers = self.met({one for one in NAMES if story.standing(one, name).follows})
        following = self.met({other for other in NAMES if story.standing(name, other).follows})
        shown = (
            await post_ids(lambda page: world.browsing().of_author(name, who, page)),
            await post_ids(lambda page: world.browsing().liked_by(name, who, page)),
            await names(lambda page: world.following().followers(name, who, page)),
            await names(lambda page: world.following().following(name, who, page)),
        )
        opens = story.opens(name, self.viewer)
        assert shown == ((posts, likes, followers, following) if opens else (None, None, None, None))

    async def look_at_own_lists(self, viewer: str) -> None:
        world, story, who = self.told.world, self.told.story, self.told.people[viewer]
        followed = {name for name in NAMES if (s := story.standing(viewer, name)).follows and not s.muted}
        told = await walked(lambda page: world.notifying().notifications(who, page)) or []
        actors = {actor.user.username for one in told for actor in one.actors}
        assert actors <= {name for name in NAMES if is_notified(story.standing(viewer, name))}
        assert await world.notifying().unread_count(who) == len(told)
        home = {self.told.posts[post] for post in POSTS if author_of(post) in {viewer, *followed}}
        assert await post_ids(lambda page: world.browsing().home(who, page)) == home
        assert await names(lambda page: world.following().requests(who, page)) == set(), "all were answered"
        blocked = {other for one, other in story.blocks if one == viewer}
        assert await names(lambda page: world.blocking().blocked(who, page)) == blocked
        muted = self.met({other for one, other in story.mutes if one == viewer})
        assert await names(lambda page: world.blocking().muted(who, page)) == muted


async def check(world: Container, story: Story) -> None:
    told = Told(world, story)
    await told.tell()
    for viewer in (None, *NAMES):
        await Eyes(told, viewer).look()


@given(STORIES)
@settings(max_examples=share(30))
def test_nobody_is_shown_what_they_may_not_see(story: Story) -> None:
    asyncio.run(check(memory_container(), story))


@pytest.mark.postgres
def test_nor_by_postgresql(database_url: str) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)

        @given(STORIES)
        @settings(max_examples=share(10), suppress_health_check=list(HealthCheck))
        def told(story: Story) -> None:
            runner.run(emptied(database_url))
            runner.run(check(postgres_container(database_url, database=database), story))

        try:
            told()
        finally:
            runner.run(database.close())
