from sqlalchemy import ScalarSelect, case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.rows import post_of
from adapters.postgres.tables import images, notifications, posts, users
from domain.ids import ImageId, PostId
from domain.posts import Post, Posts, Visibility
from domain.rankings import trending_key
from domain.users import UserNotFound


class PostgresPosts(Posts):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def add(self, post: Post) -> None:
        row = {
            "id": post.id,
            "author_id": post.author_id,
            "text": post.text,
            "visibility": post.visibility.value,
            "like_count": post.like_count,
            "comment_count": post.comment_count,
            "trending_key": trending_key(post.like_count, post.created_at),
            "created_at": post.created_at,
            "edited_at": post.edited_at,
            "sensitive": post.sensitive,
            "warning": post.warning,
        }
        # `domain.counters.count_post`.
        # Lock the author first. A post is inserted under a shared lock on the author, and two transactions that hold it
        # and need more would deadlock when the account is deleted.
        counted = update(users).where(users.c.id == post.author_id).values(posts_count=users.c.posts_count + 1)
        if (await self._core.execute(counted)).rowcount == 0:
            raise UserNotFound
        await self._core.execute(insert(posts).values(row | {"audience": _audience(post)} | _effects_on_author(post)))

    async def get(self, post_id: PostId) -> Post | None:
        locked = select(posts).where(posts.c.id == post_id).with_for_update(key_share=True)
        row = (await self._core.execute(locked)).one_or_none()
        if row is None:
            return None
        attached = select(images.c.id).where(images.c.post_id == post_id).order_by(images.c.position)
        return post_of(row, tuple(ImageId(image_id) for image_id in await self._core.scalars(attached)))

    async def save(self, post: Post) -> None:
        changes = {
            "text": post.text,
            "visibility": post.visibility.value,
            "edited_at": post.edited_at,
            "sensitive": post.sensitive,
            "warning": post.warning,
        }
        statement = update(posts).where(posts.c.id == post.id)
        await self._core.execute(statement.values(changes | {"audience": _audience(post)}))

    async def delete(self, post_id: PostId) -> None:
        # Lock the post, then its author, then (with likes and comments, by foreign keys) its images, one of which may
        # be the author's avatar. This is the global order of locks.
        locked = select(posts.c.author_id).where(posts.c.id == post_id).with_for_update()
        author_id = await self._core.scalar(locked)
        counted = update(users).where(users.c.id == author_id).values(posts_count=users.c.posts_count - 1)
        await self._core.execute(counted)
        of_likes = (notifications.c.kind == "like") & (notifications.c.post_id == post_id)
        await self._core.execute(delete(notifications).where(of_likes))
        await self._core.execute(delete(posts).where(posts.c.id == post_id))


def _audience(post: Post) -> ScalarSelect[str]:
    """Return the effective visibility for the current privacy of the author's account."""
    audience = case((users.c.private, Visibility.FOLLOWERS.value), else_=post.visibility.value)
    return select(audience).where(users.c.id == post.author_id).scalar_subquery()


def _effects_on_author(post: Post) -> dict[str, ScalarSelect[object]]:
    """Return until when decisions about the author hide and limit their posts."""
    ends = {"hidden_until": users.c.suspended_until, "limited_until": users.c.limited_until}
    return {name: select(end).where(users.c.id == post.author_id).scalar_subquery() for name, end in ends.items()}
