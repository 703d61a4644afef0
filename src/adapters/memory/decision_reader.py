from collections.abc import Iterable, Sequence

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_suspended
from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from domain.decisions import MAX_OTHERS, Decision, DecisionReader
from domain.effects import Effect, Target, TargetKind
from domain.ids import CommentId, DecisionId, ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Role, moderating_roles


class MemoryDecisionReader(DecisionReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def get(self, decision_id: DecisionId) -> Decision | None:
        return self._store.committed.decisions.get(decision_id)

    async def user_of(self, target: Target) -> UserId | None:
        return user_of(self._store.committed, target)

    async def post_of(self, image_id: ImageId) -> PostId | None:
        image = self._store.committed.images.get(image_id)
        return image.post_id if image else None

    async def moderators_of(self, role: Role, other_than: UserId) -> Sequence[UserId]:
        tables, roles = self._store.committed, moderating_roles(role)
        others = (user for user in tables.users.values() if user.role in roles and user.id != other_than)
        return [user.id for user in others if not is_suspended(tables, user.id)][:MAX_OTHERS]

    async def in_force(self, target: Target) -> Decision | None:
        tables = self._store.committed
        about = (one for one in tables.decisions.values() if one.target == target and one.in_force)
        return next((one for one in about if one.is_effective(tables.clock.now())), None)

    async def about(self, user_id: UserId, page: PageRequest) -> Page[Decision]:
        decisions = self._store.committed.decisions.values()
        return _newest_first(
            (one for one in decisions if one.user_id == user_id and one.effect is not Effect.NONE), page
        )

    async def appealed(self, page: PageRequest) -> Page[Decision]:
        decisions = self._store.committed.decisions.values()
        return _newest_first((one for one in decisions if one.appeal and one.appeal.outcome is None), page)


def user_of(tables: Tables, target: Target) -> UserId | None:
    match target.kind:
        case TargetKind.POST:
            post = tables.posts.get(PostId(target.id))
            return post.author_id if post else None
        case TargetKind.COMMENT:
            comment = tables.comments.get(CommentId(target.id))
            return comment.author_id if comment else None
        case TargetKind.IMAGE:
            image = tables.images.get(ImageId(target.id))
            return image.owner_id if image else None
        case TargetKind.USER:
            user = tables.users.get(UserId(target.id))
            return user.id if user else None


def _newest_first(decisions: Iterable[Decision], page: PageRequest) -> Page[Decision]:
    return highest_first([Entry(one, one.id) for one in decisions], page, lambda one: one)
