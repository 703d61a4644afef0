from adapters.postgres.database import Connection
from adapters.postgres.rows import POST_COLUMNS, post_of
from domain.ids import ImageId, PostId
from domain.posts import Post, Posts
from domain.rankings import trending_key
from domain.users import UserNotFound

# `domain.counters.count_post`. The author is locked first: a post is inserted under a shared lock on the author, and
# two transactions that hold it and need more would deadlock when the account is deleted. users_pkey
_COUNT = "update users set posts_count = posts_count + 1 where id = $1 returning true"

# `domain.visibility.audience`, and until when decisions about the author hide and limit their posts.
_AUDIENCE = "case when users.private then 'followers' else $4 end"
_ADD = f"""
insert into posts (id, author_id, text, visibility, audience, like_count, comment_count, trending_key, created_at,
  edited_at, sensitive, warning, hidden_until, limited_until)
select $1, users.id, $3, $4, {_AUDIENCE}, $5, $6, $7, $8, $9, $10, $11, suspended_until, limited_until
from users where users.id = $2"""

# posts_pkey, images_post_id_position_idx
_GET = f"select {POST_COLUMNS} from posts where id = $1 for no key update"
_IMAGES = "select id from images where post_id = $1 order by position"

# posts_pkey, users_pkey
_SAVE = f"""
update posts set audience = {_AUDIENCE}, text = $2, edited_at = $3, visibility = $4, sensitive = $5, warning = $6
from users where posts.id = $1 and users.id = author_id"""

# Lock the post, then its author, then (with likes and comments, by foreign keys) its images, one of which may be the
# author's avatar. This is the global order of locks.
_LOCK = "select author_id from posts where id = $1 for update"
_COUNT_DELETED = "update users set posts_count = posts_count - 1 where id = $1"
# notifications_like_idx
_DELETE_NOTIFICATIONS = "delete from notifications where kind = 'like' and post_id = $1"
# A moderator has to decide about quarantined images. images_post_id_position_idx
_DETACH_QUARANTINED = "update images set post_id = null, position = null where post_id = $1 and quarantined"
_DELETE = "delete from posts where id = $1"


class PostgresPosts(Posts):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, post: Post) -> None:
        if not await self._connection.fetchval(_COUNT, post.author_id):
            raise UserNotFound
        await self._connection.execute(
            _ADD,
            post.id,
            post.author_id,
            post.text,
            post.visibility.value,
            post.like_count,
            post.comment_count,
            trending_key(post.like_count, post.created_at),
            post.created_at,
            post.edited_at,
            post.sensitive,
            post.warning,
        )

    async def get(self, post_id: PostId) -> Post | None:
        row = await self._connection.fetchrow(_GET, post_id)
        if row is None:
            return None
        images = await self._connection.fetch(_IMAGES, post_id)
        return post_of(row, tuple(ImageId(image.id) for image in images))

    async def save(self, post: Post) -> None:
        await self._connection.execute(
            _SAVE, post.id, post.text, post.edited_at, post.visibility.value, post.sensitive, post.warning
        )

    async def delete(self, post_id: PostId) -> None:
        author_id = await self._connection.fetchval(_LOCK, post_id)
        await self._connection.execute(_COUNT_DELETED, author_id)
        await self._connection.execute(_DELETE_NOTIFICATIONS, post_id)
        await self._connection.execute(_DETACH_QUARANTINED, post_id)
        await self._connection.execute(_DELETE, post_id)
