"""No user sees what they may not see: all lists and reads of both storages, compared with `domain.visibility`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.postgres.database import Database
from container import Container
from domain.errors import NotFound
from domain.ids import UserId
from domain.images import AVATAR_SIZES, Size
from domain.pages import Page, PageRequest
from domain.rankings import Window
from domain.visibility import can_find_profile, can_see_comment, is_notified
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.examples import scale_examples
from tests.properties.scenarios import IMAGES, NAMES, POSTS, SCENARIOS, Scenario, ScenarioRun, author_of, result_or_none

Listing = Callable[[PageRequest], Awaitable[Page[Any]]]
LIMIT = 2
"""Small, so that a list of three users has a second page."""


async def read_all(listing: Listing) -> list[Any] | None:
    """The complete list, page by page; None if it is hidden."""
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
    found = await read_all(listing)
    return None if found is None else {getattr(one, "view", one).post.id for one in found}


async def usernames(listing: Listing) -> set[str] | None:
    found = await read_all(listing)
    return None if found is None else {one.user.username for one in found}


@dataclass(frozen=True)
class ViewerCheck:
    """Checks of one viewer (None: anonymous) after a scenario."""

    run: ScenarioRun
    viewer: str | None

    @property
    def viewer_id(self) -> UserId | None:
        return None if self.viewer is None else self.run.people[self.viewer]

    def without_blocked(self, people: set[str]) -> set[str]:
        """Those who may be listed: neither blocked nor suspended."""
        return {name for name in people if self.run.scenario.is_person_listed(self.viewer, name)}

    async def check(self) -> None:
        for post in POSTS:
            await self.check_post(post)
        for name, image in product(NAMES, IMAGES):
            await self.check_image(name, image)
        await self.check_mixed_lists()
        for name in NAMES:
            await self.check_profile(name)
        if self.viewer is not None:
            await self.check_own_lists(self.viewer)

    async def check_post(self, post: int) -> None:
        container, scenario, who = self.run.container, self.run.scenario, self.viewer_id
        post_id, image_id = self.run.posts[post], self.run.images[post]
        sees, likers = scenario.can_see(self.viewer, post), scenario.likers(post)

        view = await result_or_none(container.browsing().post(post_id, who))
        assert (view is not None) == sees
        if view is not None:
            assert view.audience is scenario.audience(post)
            assert view.hidden == scenario.restriction(post).hidden
            assert view.post.like_count == len(likers), "counts are the same for all viewers"

        liked = await usernames(lambda page: container.liking().likers(post_id, who, page))
        assert liked == (self.without_blocked(likers) if sees else None)
        said = await read_all(lambda page: container.commenting().of_post(post_id, who, page))
        heard = [
            one
            for one, (under, author) in self.run.comments.items()
            if under == post
            and can_see_comment(
                scenario.standing(self.viewer, author),
                scenario.standing(author_of(post), author),
                hidden=author in scenario.suspended,
            )
        ]
        assert (None if said is None else [one.comment.id for one in said]) == (heard if sees else None)
        alike = await result_or_none(container.searching().similar(image_id, who, 100))
        shown = {
            self.run.posts[other] for other in POSTS if other != post and scenario.is_discoverable(self.viewer, other)
        }
        fetches = scenario.can_see_image(self.viewer, author_of(post), post // len(NAMES))
        assert (None if alike is None else {one.view.post.id for one in alike.posts}) == (shown if fetches else None)

    async def check_image(self, name: str, image: int) -> None:
        scenario, who, uploading = self.run.scenario, self.viewer_id, self.run.container.uploading()
        image_id = self.run.image_of(name, image)
        fetches = scenario.can_see_image(self.viewer, name, image)

        assert (await result_or_none(uploading.image(image_id, who)) is not None) == fetches
        for size in Size:
            # Whoever may see no image of the owner can still fetch what everybody can.
            is_avatar = scenario.is_avatar(name, image) and size in AVATAR_SIZES
            is_public_avatar = is_avatar and not scenario.is_image_hidden(name, image)
            is_public = scenario.can_see_image(None, name, image) or is_public_avatar
            file = await result_or_none(uploading.file(image_id, size, who))
            assert (file is not None) == (fetches or is_public)
            assert file is None or file.public == is_public

    async def check_mixed_lists(self) -> None:
        container, scenario, who = self.run.container, self.run.scenario, self.viewer_id
        public = {post for post in POSTS if scenario.is_listed_publicly(self.viewer, post)}
        ids = {self.run.posts[post] for post in public}

        assert await post_ids(lambda page: container.browsing().newest(who, page)) == ids
        for window in Window:
            assert await post_ids(lambda page, of=window: container.ranking().most_liked(who, of, page)) == ids  # type: ignore[misc]
        everything = {self.run.posts[post] for post in POSTS if scenario.is_discoverable(self.viewer, post)}
        assert await post_ids(lambda page: container.searching().by_words("well", who, page)) == everything
        assert await post_ids(lambda page: container.tagging().posts("well", who, page)) == everything
        named = {one.user.username for name in NAMES for one in await container.searching().people(name, who, 10)}
        assert named == self.without_blocked(set(NAMES))
        trending = await read_all(lambda page: container.ranking().trending(who, page)) or []
        assert {one.view.author.username for one in trending} == {author_of(post) for post in public}

    async def check_profile(self, name: str) -> None:
        container, scenario, who = self.run.container, self.run.scenario, self.viewer_id
        profile = await result_or_none(container.accounts().profile(name, who))
        hidden = not can_find_profile(
            blocked_by_owner=(name, self.viewer) in scenario.blocks,
            blocks_owner=(self.viewer, name) in scenario.blocks,
            suspended=name in scenario.suspended,
            is_self=name == self.viewer,
            moderates=scenario.standing(self.viewer, name).moderates,
        )
        assert (profile is None) == hidden

        posts = {
            self.run.posts[post] for post in POSTS if author_of(post) == name and scenario.can_see(self.viewer, post)
        }
        likes = {
            self.run.posts[post]
            for post in POSTS
            if name in scenario.likers(post) and scenario.can_see(self.viewer, post)
        }
        followers = self.without_blocked({one for one in NAMES if scenario.standing(one, name).follows})
        following = self.without_blocked({other for other in NAMES if scenario.standing(name, other).follows})
        shown = (
            await post_ids(lambda page: container.browsing().of_author(name, who, page)),
            await post_ids(lambda page: container.browsing().liked_by(name, who, page)),
            await usernames(lambda page: container.following().followers(name, who, page)),
            await usernames(lambda page: container.following().following(name, who, page)),
        )
        opens = not hidden and scenario.can_read_lists(name, self.viewer)
        assert shown == ((posts, likes, followers, following) if opens else (None, None, None, None))

    async def check_own_lists(self, viewer: str) -> None:
        container, scenario, who = self.run.container, self.run.scenario, self.run.people[viewer]
        notifications = await read_all(lambda page: container.notifying().list_notifications(who, page)) or []
        actors = {actor.user.username for one in notifications for actor in one.actors}
        assert actors <= {
            name for name in NAMES if is_notified(scenario.standing(viewer, name), suspended=name in scenario.suspended)
        }
        assert await container.notifying().unread_count(who) == len(notifications)
        home = {self.run.posts[post] for post in POSTS if scenario.is_in_home_feed(viewer, post)}
        assert await post_ids(lambda page: container.browsing().home(who, page)) == home
        assert await usernames(lambda page: container.following().requests(who, page)) == set(), (
            "all requests were answered"
        )
        blocked = {other for one, other in scenario.blocks if one == viewer}
        assert await usernames(lambda page: container.blocking().list_blocked(who, page)) == blocked
        muted = {
            other for one, other in scenario.mutes if one == viewer and not scenario.standing(viewer, other).blocked
        }
        assert await usernames(lambda page: container.blocking().list_muted(who, page)) == muted


async def check_scenario(container: Container, scenario: Scenario) -> None:
    run = ScenarioRun(container, scenario)
    await run.run()
    for viewer in (None, *NAMES):
        await ViewerCheck(run, viewer).check()


@given(SCENARIOS)
@settings(max_examples=scale_examples(30))
def test_memory_storage_shows_only_visible_data(scenario: Scenario) -> None:
    asyncio.run(check_scenario(memory_container(), scenario))


@pytest.mark.postgres
def test_postgres_storage_shows_only_visible_data(database_url: str) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)

        @given(SCENARIOS)
        @settings(max_examples=scale_examples(10), suppress_health_check=list(HealthCheck))
        def check_over_postgres(scenario: Scenario) -> None:
            runner.run(empty_database(database_url))
            runner.run(check_scenario(postgres_container(database_url, database=database), scenario))

        try:
            check_over_postgres()
        finally:
            runner.run(database.close())
