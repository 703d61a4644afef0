"""Import of what belongs to an account beside its posts: profile, settings, and relations to posts and users."""

from typing import Any

from domain.archives import (
    ArchivedPost,
    ArchivedProfile,
    ArchivedRelation,
    RelationKind,
    date_error,
    restored_id,
    shorten,
)
from domain.clock import Clock
from domain.comments import Comment
from domain.consent import CaptionChoice
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.ids import CommentId, PostId, UserId, id_time
from domain.post_views import PostReader, PostView
from domain.posts import SensitiveMedia, Visibility
from domain.profiles import UserReader
from domain.services.accounts import Accounts
from domain.services.archive_importing import Account, ArchiveImporting
from domain.services.blocking import Blocking
from domain.services.commenting import Commenting
from domain.services.consenting import Consenting
from domain.services.following import Following
from domain.services.liking import Liking
from domain.text import without_unstorable
from domain.users import MAX_BIO, ProfileChanges, User, UserNotFound

POST_MISSING = "its post is not on this server"
USER_MISSING = "the account is not on this server"
SERVICE_CONSENT = "consent to captions by a service is not taken over; give it again on the settings page"
_REFUSALS = (Invalid, NotFound, Forbidden, Conflict)


class RelationImporting:
    def __init__(
        self,
        archive_importing: ArchiveImporting,
        accounts: Accounts,
        consenting: Consenting,
        commenting: Commenting,
        liking: Liking,
        following: Following,
        blocking: Blocking,
        user_reader: UserReader,
        post_reader: PostReader,
        clock: Clock,
    ) -> None:
        self._archive_importing = archive_importing
        self._accounts = accounts
        self._consenting = consenting
        self._commenting = commenting
        self._liking = liking
        self._following = following
        self._blocking = blocking
        self._user_reader = user_reader
        self._post_reader = post_reader
        self._clock = clock

    async def import_settings(self, account: Account, profile: ArchivedProfile) -> tuple[str, ...]:
        """Take over what the account still has at its default; nothing is overwritten. Call this before the posts are
        imported, so that those of a private account are never public. Return what was left out."""
        user = await self._user(account.owner_id)
        remarks: list[str] = []
        for field, value in _changes(user, profile):
            try:
                changes = ProfileChanges(**{field: value})
                if not account.dry_run:
                    await self._accounts.edit_profile(account.owner_id, changes)
            except Invalid as error:
                remarks.append(error.detail)
        if remark := await self._import_consent(account, profile.captions):
            remarks.append(remark)
        return tuple(remarks)

    async def _import_consent(self, account: Account, captions: CaptionChoice | None) -> str | None:
        if captions is None or (await self._consenting.get(account.owner_id)).decided_at is not None:
            return None
        if captions is CaptionChoice.SERVICE:
            return SERVICE_CONSENT
        try:
            if not account.dry_run:
                await self._consenting.decide(account.owner_id, captions, followers_only=False)
        except Invalid as error:
            return error.detail
        return None

    async def import_avatar(self, account: Account, profile: ArchivedProfile) -> str | None:
        """Set the avatar if the account has none. Call this after the posts are imported, one of which may have the
        image. Return why it was left out, or None."""
        user = await self._user(account.owner_id)
        if profile.avatar is None or user.avatar_image_id is not None:
            return None
        moment = profile.avatar.created_at or user.created_at
        alone = ArchivedPost("avatar", moment, (profile.avatar,))
        image_ids, remarks = await self._archive_importing.import_images(account, alone)
        if image_ids and not account.dry_run:
            await self._accounts.edit_profile(account.owner_id, ProfileChanges(avatar_image_id=image_ids[0]))
        return remarks[0] if remarks else None

    async def import_relation(self, account: Account, relation: ArchivedRelation) -> str | None:
        """Restore a like, comment, follow, block or mute, if the post or the user with that id is on this server.
        Return why it was left out, or None."""
        try:
            match relation.kind:
                case RelationKind.LIKE | RelationKind.COMMENT:
                    return await self._import_reaction(account, relation)
                case _:
                    return await self._import_tie(account, relation)
        except _REFUSALS as error:
            return error.detail

    async def _import_reaction(self, account: Account, relation: ArchivedRelation) -> str | None:
        if account.dry_run and relation.is_own:
            return None
        post = await self._find_post(account.owner_id, relation)
        if post is None:
            return POST_MISSING
        if account.dry_run:
            return None
        if relation.kind is RelationKind.LIKE:
            if not post.liked:
                await self._liking.like(post.post.id, account.owner_id)
            return None
        archived_id = relation.id or relation.target
        if reason := date_error(self._clock.now(), relation.created_at, id_time(archived_id)):
            return reason
        comment_id = CommentId(restored_id(account.owner_id, archived_id))
        text = without_unstorable(relation.text)
        await self._commenting.restore(Comment(comment_id, post.post.id, account.owner_id, text, relation.created_at))
        return None

    async def _find_post(self, owner_id: UserId, relation: ArchivedRelation) -> PostView | None:
        """Return the own post that was imported, or the post of another user that has the archived id."""
        post_id = restored_id(owner_id, relation.target) if relation.is_own else relation.target
        return await self._post_reader.by_id(PostId(post_id), owner_id)

    async def _import_tie(self, account: Account, relation: ArchivedRelation) -> str | None:
        profile = await self._user_reader.by_id(UserId(relation.target), account.owner_id)
        if profile is None:
            return USER_MISSING
        name = profile.user.username
        if account.dry_run:
            return None
        match relation.kind:
            case RelationKind.FOLLOW:
                await self._following.follow(account.owner_id, name)
            case RelationKind.BLOCK:
                await self._blocking.block(account.owner_id, name)
            case _:
                await self._blocking.mute(account.owner_id, name)
        return None

    async def _user(self, user_id: UserId) -> User:
        profile = await self._user_reader.by_id(user_id, user_id)
        if profile is None:
            raise UserNotFound
        return profile.user


def _changes(user: User, profile: ArchivedProfile) -> list[tuple[str, Any]]:
    """Return the fields that are still at their defaults with new values, privacy first. Each is changed alone, so that
    an unusable one does not prevent the others."""
    name, bio = (without_unstorable(text or "").strip() for text in (profile.display_name, profile.bio))
    wanted = (
        ("private", profile.private and not user.private),
        ("follow_approval", profile.follow_approval and not user.follow_approval),
        ("default_visibility", profile.default_visibility if user.default_visibility is Visibility.PUBLIC else None),
        ("sensitive_media", profile.sensitive_media if user.sensitive_media is SensitiveMedia.BLUR else None),
        ("display_name", name if user.display_name == user.username else None),
        ("bio", None if user.bio else shorten(bio, MAX_BIO)),
    )
    return [(field, value) for field, value in wanted if value]
