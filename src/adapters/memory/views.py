"""Rows put together as a viewer sees them."""

from dataclasses import replace

from adapters.memory.tables import Tables
from domain.comments import Comment, CommentView
from domain.feeds import PostView
from domain.ids import UserId
from domain.images import Image, Size
from domain.people import Avatar, Byline, Profile, Relation
from domain.posts import Post, Visibility
from domain.users import User


def audience(tables: Tables, post: Post) -> Visibility:
    return Visibility.FOLLOWERS if tables.users[post.author_id].private else post.visibility


def apart(tables: Tables, one: UserId | None, other: UserId) -> bool:
    """Whether either blocks the other."""
    return one is not None and ((one, other) in tables.blocks or (other, one) in tables.blocks)


def can_see(tables: Tables, viewer: UserId | None, post: Post | None) -> bool:
    if post is None or post.author_id == viewer:
        return post is not None
    public = audience(tables, post) is Visibility.PUBLIC
    follows = viewer is not None and (viewer, post.author_id) in tables.follows
    return (public or follows) and not apart(tables, viewer, post.author_id)


def is_shown(tables: Tables, viewer: UserId | None, post: Post) -> bool:
    """Whether it stands in lists that mix people: of nobody whom the viewer mutes."""
    muted = viewer is not None and (viewer, post.author_id) in tables.mutes
    return not muted and can_see(tables, viewer, post)


def is_comment_visible(tables: Tables, viewer: UserId | None, comment: Comment) -> bool:
    """Whether neither the viewer nor the post's author is apart from its author."""
    author = tables.posts[comment.post_id].author_id
    return not apart(tables, viewer, comment.author_id) and not apart(tables, author, comment.author_id)


def can_see_image(tables: Tables, viewer: UserId | None, image: Image) -> bool:
    """Whether it is theirs, a public account's avatar, or in a post they may see."""
    owner = tables.users[image.owner_id]
    if owner.id == viewer or (owner.avatar_image_id == image.id and not owner.private):
        return True
    return image.post_id is not None and can_see(tables, viewer, tables.posts[image.post_id])


def with_duplicates(tables: Tables, image: Image) -> Image:
    """The image with those of its duplicates that its owner may see now."""
    present = [(tables.images.get(one.image_id), one) for one in tables.duplicates.get(image.id, ())]
    seen = tuple(one for other, one in present if other and can_see_image(tables, image.owner_id, other))
    return replace(image, duplicates=seen)


def view_of_image(tables: Tables, viewer: UserId | None, image: Image) -> Image:
    """What the viewer may know of an image that they may see."""
    return with_duplicates(tables, image).visible_to(viewer)


class Views:
    """The world of one moment through one pair of eyes."""

    def __init__(self, tables: Tables, viewer: UserId | None) -> None:
        self._tables = tables
        self._viewer = viewer

    def post(self, post: Post) -> PostView:
        liked = None if self._viewer is None else (post.id, self._viewer) in self._tables.likes
        images = tuple(
            view_of_image(self._tables, self._viewer, self._tables.images[image_id]) for image_id in post.image_ids
        )
        return PostView(post, self._byline(post.author_id), images, liked, audience(self._tables, post))

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
        return Avatar(image.id, image.renditions[Size.THUMB].key, image.renditions[Size.MEDIUM].key)
