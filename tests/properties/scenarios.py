"""Scenarios of four users who follow, block and mute each other, and the visibility that results."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from container import Container
from domain import visibility
from domain.decisions import Decision
from domain.effects import Effect, Target, TargetKind
from domain.errors import NotFound
from domain.follows import FollowFacts, FollowResult, decide_follow
from domain.ids import CommentId, DecisionId, ImageId, PostId, UserId
from domain.jobs import Job
from domain.posts import Visibility
from domain.roles import Role
from domain.understanding import Task
from domain.users import ProfileChanges, SignUp
from domain.visibility import Restriction, ViewerRelation
from tests.contracts.moderation import FUTURE, PAST
from tests.sample_images import a_jpeg

NAMES = ["ada", "bob", "eve", "mia"]
PAIRS = [(one, other) for one, other in product(NAMES, NAMES) if one != other]
POSTS = range(2 * len(NAMES))

IMAGES = range(3)
"""The images of each user: those of both posts, and one in no post."""
UNPOSTED = 2

Pairs = frozenset[tuple[str, str]]


def author_of(post: int) -> str:
    return NAMES[post % len(NAMES)]


def post_of(name: str, image: int) -> int:
    return NAMES.index(name) + image * len(NAMES)


@dataclass(frozen=True)
class Scenario:
    """In this order: some accounts were private; users followed (private ones accepted all but a few); all posted
    twice, uploaded a third image, and liked and commented on visible posts; some chose one of their images as avatar;
    then some turned private, and some muted and blocked. At last moderators hid and limited posts and suspended users,
    and the effects of some decisions ended."""

    private: frozenset[str]
    follows: Pairs
    refused: Pairs
    visibilities: tuple[Visibility, ...]
    likes: frozenset[tuple[int, str]]
    avatars: tuple[int | None, ...]
    turned_private: frozenset[str]
    mutes: Pairs
    blocks: Pairs
    hidden: frozenset[int]
    limited: frozenset[int]
    suspended: frozenset[str]
    ended: frozenset[int]
    moderator: str | None

    def before_last_changes(self) -> "Scenario":
        nothing: frozenset[Any] = frozenset()
        return replace(self, turned_private=nothing, blocks=nothing, hidden=nothing, suspended=nothing, moderator=None)

    def standing(self, viewer: str | None, name: str) -> ViewerRelation:
        """The relation of the two users: a block ends a follow, and private users accepted all but a few."""
        blocked = (viewer, name) in self.blocks or (name, viewer) in self.blocks
        return ViewerRelation(
            is_self=viewer == name,
            follows=not blocked and self._is_follow(viewer, name),
            blocked=blocked,
            muted=(viewer, name) in self.mutes,
            moderates=viewer is not None and viewer == self.moderator,
        )

    def _is_follow(self, viewer: str | None, name: str) -> bool:
        """Whether the request became a follow: at once, or because it was not refused."""
        if (viewer, name) not in self.follows:
            return False
        facts = FollowFacts(
            present=True,
            blocked=False,
            blocking=False,
            follows=False,
            requested=False,
            count=0,
            needs_approval=name in self.private,
        )
        return decide_follow(facts, limit=len(NAMES)) is FollowResult.FOLLOWS or (viewer, name) not in self.refused

    def is_private(self, name: str) -> bool:
        return name in self.private or name in self.turned_private

    def audience(self, post: int) -> Visibility:
        return visibility.audience(self.visibilities[post], private=self.is_private(author_of(post)))

    def can_read_lists(self, name: str, viewer: str | None) -> bool:
        """Whether the viewer may read the lists of this user."""
        return visibility.can_see_lists(self.standing(viewer, name), private=self.is_private(name))

    def restriction(self, post: int) -> Restriction:
        hidden = post in self.hidden - self.ended or author_of(post) in self.suspended
        return Restriction(hidden=hidden, limited=hidden or post in self.limited - self.hidden - self.ended)

    def can_see(self, viewer: str | None, post: int) -> bool:
        return visibility.can_see(*self._facts(viewer, post))

    def is_avatar(self, name: str, image: int) -> bool:
        return self.avatars[NAMES.index(name)] == image

    def is_image_hidden(self, name: str, image: int) -> bool:
        return name in self.suspended if image == UNPOSTED else self.restriction(post_of(name, image)).hidden

    def can_see_image(self, viewer: str | None, name: str, image: int) -> bool:
        return visibility.can_see_image(
            self.standing(viewer, name),
            is_avatar=self.is_avatar(name, image),
            private=self.is_private(name),
            in_visible_post=image != UNPOSTED and self.can_see(viewer, post_of(name, image)),
            hidden=self.is_image_hidden(name, image),
        )

    def is_discoverable(self, viewer: str | None, post: int) -> bool:
        return visibility.is_discoverable(*self._facts(viewer, post))

    def is_listed_publicly(self, viewer: str | None, post: int) -> bool:
        return visibility.is_listed_publicly(*self._facts(viewer, post))

    def is_in_home_feed(self, viewer: str | None, post: int) -> bool:
        return visibility.is_in_home_feed(*self._facts(viewer, post))

    def _facts(self, viewer: str | None, post: int) -> tuple[ViewerRelation, Visibility, Restriction]:
        return self.standing(viewer, author_of(post)), self.audience(post), self.restriction(post)

    def is_person_listed(self, viewer: str | None, name: str) -> bool:
        return visibility.is_person_listed(self.standing(viewer, name), suspended=name in self.suspended)

    def likers(self, post: int) -> set[str]:
        """The users who could see the post when they liked it."""
        before = self.before_last_changes()
        return {liker for liked, liker in self.likes if liked == post and before.can_see(liker, post)}


def _drop_mutual(pairs: Pairs) -> Pairs:
    """A blocked user cannot block back, since the other one is not found."""
    return frozenset(pair for pair in pairs if pair[0] < pair[1] or pair[::-1] not in pairs)


_PAIR_SETS = st.frozensets(st.sampled_from(PAIRS))
_SMALL_PAIR_SETS = st.frozensets(st.sampled_from(PAIRS), max_size=3)
SCENARIOS = st.builds(
    Scenario,
    private=st.frozensets(st.sampled_from(NAMES), max_size=1),
    follows=_PAIR_SETS,
    refused=_SMALL_PAIR_SETS,
    visibilities=st.tuples(*(st.sampled_from([Visibility.PUBLIC, *Visibility]) for _ in POSTS)),
    likes=st.frozensets(st.tuples(st.sampled_from(POSTS), st.sampled_from(NAMES)), max_size=12),
    avatars=st.tuples(*(st.sampled_from([None, *IMAGES]) for _ in NAMES)),
    turned_private=st.frozensets(st.sampled_from(NAMES), max_size=1),
    mutes=_SMALL_PAIR_SETS,
    blocks=_SMALL_PAIR_SETS.map(_drop_mutual),
    hidden=st.frozensets(st.sampled_from(POSTS), max_size=2),
    limited=st.frozensets(st.sampled_from(POSTS), max_size=2),
    suspended=st.frozensets(st.sampled_from(NAMES), max_size=1),
    ended=st.frozensets(st.sampled_from(POSTS), max_size=2),
    moderator=st.sampled_from([None, *NAMES]),
)


@dataclass
class ScenarioRun:
    """A scenario that was run on a storage."""

    container: Container
    scenario: Scenario
    people: dict[str, UserId] = field(default_factory=dict)
    posts: list[PostId] = field(default_factory=list)
    images: list[ImageId] = field(default_factory=list)
    unposted: dict[str, ImageId] = field(default_factory=dict)
    comments: dict[CommentId, tuple[int, str]] = field(default_factory=dict)

    async def run(self) -> None:
        for name in NAMES:
            profile = await self.container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))
            self.people[name] = profile.user.id
        await self._hide(self.scenario.private)
        for one, other in sorted(self.scenario.follows):
            await self._follow(one, other)
        for post in POSTS:
            await self._publish(post)
        for name in NAMES:
            self.unposted[name] = await self._upload(name, len(POSTS) + NAMES.index(name))
        for post, name in product(POSTS, NAMES):
            await self._react(post, name)
        for name, image in zip(NAMES, self.scenario.avatars, strict=True):
            if image is not None:
                changes = ProfileChanges(avatar_image_id=self.image_of(name, image))
                await self.container.accounts().edit_profile(self.people[name], changes)
        await self._hide(self.scenario.turned_private)
        for one, other in sorted(self.scenario.mutes):
            await self.container.blocking().mute(self.people[one], other)
        for one, other in sorted(self.scenario.blocks):
            await self.container.blocking().block(self.people[one], other)
        await self._moderate()

    async def _moderate(self) -> None:
        for post in sorted(self.scenario.limited - self.scenario.hidden):
            await self._decide(Target(TargetKind.POST, self.posts[post]), author_of(post), Effect.LIMIT, post)
        for post in sorted(self.scenario.hidden):
            await self._decide(Target(TargetKind.POST, self.posts[post]), author_of(post), Effect.HIDE, post)
        for name in sorted(self.scenario.suspended):
            await self._decide(Target(TargetKind.USER, self.people[name]), name, Effect.SUSPEND)
        if self.scenario.moderator:
            await self.container.accounts().set_role(self.scenario.moderator, Role.MODERATOR)

    async def _decide(self, target: Target, name: str, effect: Effect, post: int | None = None) -> None:
        """Decide in the storage, with an end that is past or far away for every clock."""
        until = PAST if post in self.scenario.ended else FUTURE
        decision = Decision(
            DecisionId(self.container.ids().new()),
            target,
            self.people[name],
            None,
            "a rule",
            "a reason",
            effect,
            until,
            self.container.clock().now(),
            in_force=True,
        )
        async with self.container.begin()() as uow:
            await uow.decisions.add(decision)
            await uow.commit()

    async def _hide(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            await self.container.accounts().edit_profile(self.people[name], ProfileChanges(private=True))

    async def _follow(self, one: str, other: str) -> None:
        following = self.container.following()
        await following.follow(self.people[one], other)
        if other in self.scenario.private:
            refused = (one, other) in self.scenario.refused
            await (following.refuse if refused else following.accept)(self.people[other], one)

    async def _publish(self, post: int) -> None:
        author = self.people[author_of(post)]
        image_id = await self._upload(author_of(post), post)
        view = await self.container.posting().publish(author, "#well", (image_id,), self.scenario.visibilities[post])
        self.posts.append(view.post.id)
        self.images.append(image_id)

    async def _upload(self, name: str, seed: int) -> ImageId:
        image = await self.container.uploading().upload(self.people[name], a_jpeg(seed=seed))
        await self.container.image_analysis().attempt(Job(Task.CLASSIFICATION, image.id))
        return image.id

    def image_of(self, name: str, image: int) -> ImageId:
        return self.unposted[name] if image == UNPOSTED else self.images[post_of(name, image)]

    async def _react(self, post: int, name: str) -> None:
        post_id, who = self.posts[post], self.people[name]
        if (post, name) in self.scenario.likes:
            await result_or_none(self.container.liking().like(post_id, who))
        if comment := await result_or_none(self.container.commenting().comment(post_id, who, "well seen")):
            self.comments[comment.comment.id] = (post, name)


async def result_or_none(act: Awaitable[Any]) -> Any:
    """The result, or None if the object is not visible."""
    try:
        return await act
    except NotFound:
        return None
