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


def can_see(viewer: UserId | None, post: Post | None) -> bool:
    return post is not None and (post.visibility is Visibility.PUBLIC or post.author_id == viewer)


def can_see_image(tables: Tables, viewer: UserId | None, image: Image) -> bool:
    """Whether it is theirs, somebody's avatar, or in a post they may see."""
    if image.owner_id == viewer or tables.users[image.owner_id].avatar_image_id == image.id:
        return True
    return image.post_id is not None and can_see(viewer, tables.posts[image.post_id])


def with_duplicates(tables: Tables, image: Image) -> Image:
    """The image with those of its duplicates that its owner may see now."""
    present = [(tables.images.get(one.image_id), one) for one in tables.duplicates.get(image.id, ())]
    seen = tuple(one for other, one in present if other and can_see_image(tables, image.owner_id, other))
    return replace(image, duplicates=seen)


class Views:
    """The world of one moment through one pair of eyes."""

    def __init__(self, tables: Tables, viewer: UserId | None) -> None:
        self._tables = tables
        self._viewer = viewer

    def post(self, post: Post) -> PostView:
        liked = None if self._viewer is None else (post.id, self._viewer) in self._tables.likes
        images = tuple(with_duplicates(self._tables, self._tables.images[image_id]) for image_id in post.image_ids)
        return PostView(post, self._byline(post.author_id), images, liked)

    def comment(self, comment: Comment) -> CommentView:
        return CommentView(comment, self._byline(comment.author_id))

    def profile(self, user: User) -> Profile:
        return Profile(user, self._avatar(user), self._relation(user.id))

    def _relation(self, user_id: UserId) -> Relation | None:
        viewer, follows = self._viewer, self._tables.follows
        if viewer is None:
            return None
        return Relation(follows=(viewer, user_id) in follows, followed_by=(user_id, viewer) in follows)

    def _byline(self, user_id: UserId) -> Byline:
        user = self._tables.users[user_id]
        return Byline(user.id, user.username, user.display_name, self._avatar(user))

    def _avatar(self, user: User) -> Avatar | None:
        if user.avatar_image_id is None:
            return None
        image = self._tables.images[user.avatar_image_id]
        return Avatar(image.id, image.renditions[Size.THUMB].key, image.renditions[Size.MEDIUM].key)
