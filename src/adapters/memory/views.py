"""Views of rows for one viewer."""

from dataclasses import replace

from adapters.memory.restrictions import (
    is_comment_hidden,
    is_image_hidden,
    is_image_quarantined,
    is_marked_sensitive,
    is_suspended,
    restriction_of,
)
from adapters.memory.tables import Tables
from domain import visibility
from domain.comments import Comment, CommentView
from domain.ids import UserId
from domain.images import Image, Size
from domain.post_views import PostView
from domain.posts import Post, Visibility
from domain.profiles import Avatar, Byline, Profile, Relation
from domain.roles import Role
from domain.users import User
from domain.visibility import ViewerRelation


def standing_of(tables: Tables, viewer: UserId | None, person: UserId) -> ViewerRelation:
    if viewer is None:
        return ViewerRelation()
    return ViewerRelation(
        is_self=viewer == person,
        follows=(viewer, person) in tables.follows,
        blocked=(viewer, person) in tables.blocks or (person, viewer) in tables.blocks,
        muted=(viewer, person) in tables.mutes,
        moderates=viewer in tables.users and tables.users[viewer].role.includes(Role.MODERATOR),
    )


def audience(tables: Tables, post: Post) -> Visibility:
    return visibility.audience(post.visibility, private=tables.users[post.author_id].private)


def image_audience(tables: Tables, image: Image) -> Visibility:
    """Return the audience of the image's post, or of the next post of its owner."""
    if image.post_id is not None:
        return audience(tables, tables.posts[image.post_id])
    owner = tables.users[image.owner_id]
    return visibility.audience(owner.default_visibility, private=owner.private)


def can_see(tables: Tables, viewer: UserId | None, post: Post | None) -> bool:
    if post is None:
        return False
    return visibility.can_see(
        standing_of(tables, viewer, post.author_id), audience(tables, post), restriction_of(tables, post)
    )


def is_discoverable(tables: Tables, viewer: UserId | None, post: Post) -> bool:
    return visibility.is_discoverable(
        standing_of(tables, viewer, post.author_id), audience(tables, post), restriction_of(tables, post)
    )


def is_listed_publicly(tables: Tables, viewer: UserId | None, post: Post) -> bool:
    return visibility.is_listed_publicly(
        standing_of(tables, viewer, post.author_id), audience(tables, post), restriction_of(tables, post)
    )


def is_in_home_feed(tables: Tables, viewer: UserId, post: Post) -> bool:
    return visibility.is_in_home_feed(
        standing_of(tables, viewer, post.author_id), audience(tables, post), restriction_of(tables, post)
    )


def is_person_listed(tables: Tables, viewer: UserId | None, person: UserId) -> bool:
    return visibility.is_person_listed(
        standing_of(tables, viewer, person),
        suspended=is_suspended(tables, person),
        pending=tables.users[person].is_pending,
    )


def can_see_comment(tables: Tables, viewer: UserId | None, comment: Comment) -> bool:
    post_author = tables.posts[comment.post_id].author_id
    return visibility.can_see_comment(
        standing_of(tables, viewer, comment.author_id),
        standing_of(tables, post_author, comment.author_id),
        hidden=is_comment_hidden(tables, comment),
    )


def can_see_image(tables: Tables, viewer: UserId | None, image: Image) -> bool:
    owner = tables.users[image.owner_id]
    return visibility.can_see_image(
        standing_of(tables, viewer, owner.id),
        is_avatar=owner.avatar_image_id == image.id,
        private=owner.private,
        in_visible_post=image.post_id is not None and can_see(tables, viewer, tables.posts[image.post_id]),
        hidden=is_image_hidden(tables, image),
    )


def with_duplicates(tables: Tables, image: Image) -> Image:
    """Return the image with those of its duplicates that its owner may see now, and whether it is quarantined."""
    present = [(tables.images.get(one.image_id), one) for one in tables.duplicates.get(image.id, ())]
    seen = tuple(one for other, one in present if other and can_see_image(tables, image.owner_id, other))
    return replace(image, duplicates=seen, quarantined=is_image_quarantined(tables, image.id))


def view_of_image(tables: Tables, viewer: UserId | None, image: Image) -> Image:
    """Return a visible image as the viewer may see it."""
    return with_duplicates(tables, image).redact_for(viewer)


class Views:
    """Builds the views of one snapshot for one viewer."""

    def __init__(self, tables: Tables, viewer: UserId | None) -> None:
        self._tables = tables
        self._viewer = viewer

    def post(self, post: Post) -> PostView:
        liked = None if self._viewer is None else (post.id, self._viewer) in self._tables.likes
        standing = standing_of(self._tables, self._viewer, post.author_id)
        attached = [self._tables.images[image_id] for image_id in post.image_ids]
        sees_hidden = standing.is_self or standing.moderates
        images = tuple(
            view_of_image(self._tables, self._viewer, image)
            for image in attached
            if sees_hidden or not is_image_hidden(self._tables, image)
        )
        return PostView(
            replace(post, image_ids=tuple(image.id for image in images)),
            self._byline(post.author_id),
            images,
            liked,
            audience(self._tables, post),
            hidden=restriction_of(self._tables, post).hidden,
            marked_sensitive=is_marked_sensitive(self._tables, post),
        )

    def comment(self, comment: Comment) -> CommentView:
        return CommentView(comment, self._byline(comment.author_id))

    def profile(self, user: User) -> Profile:
        return Profile(user, self._avatar(user), self._relation(user.id))

    def _relation(self, user_id: UserId) -> Relation | None:
        viewer, tables = self._viewer, self._tables
        if viewer is None:
            return None
        return Relation(
            follows=(viewer, user_id) in tables.follows,
            followed_by=(user_id, viewer) in tables.follows,
            requested=(viewer, user_id) in tables.requests,
            blocking=(viewer, user_id) in tables.blocks,
            muting=(viewer, user_id) in tables.mutes,
        )

    def _byline(self, user_id: UserId) -> Byline:
        user = self._tables.users[user_id]
        return Byline(user.id, user.username, user.display_name, self._avatar(user))

    def _avatar(self, user: User) -> Avatar | None:
        if user.avatar_image_id is None:
            return None
        image = self._tables.images[user.avatar_image_id]
        if is_image_hidden(self._tables, image):
            return None
        return Avatar(image.id, image.renditions[Size.THUMB].key, image.renditions[Size.MEDIUM].key)
