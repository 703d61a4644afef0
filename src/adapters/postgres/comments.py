from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from adapters.postgres.rows import COMMENT_COLUMNS, comment_of
from domain.comments import Comment, Comments
from domain.ids import CommentId

# The lock waits for a suspension of the author, which hides the comment too. users_pkey
_LOCK_AUTHOR = "select suspended_until from users where id = $1 for key share"

_ADD = """
insert into comments (id, post_id, author_id, text, created_at, hidden_until) values ($1, $2, $3, $4, $5, $6)"""

# `domain.counters.count_comment`; posts_pkey
_COUNT = "update posts set comment_count = comment_count + 1 where id = $1"

# comments_pkey
_GET = f"select {COMMENT_COLUMNS} from comments where id = $1"

# comments_pkey, posts_pkey
_LOCK_POST = "select from posts where id = (select post_id from comments where id = $1) for no key update"

_DELETE = """
with gone as (delete from comments where id = $1 returning post_id)
update posts set comment_count = comment_count - 1 from gone where posts.id = gone.post_id"""


class PostgresComments(Comments):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, comment: Comment) -> None:
        row = (comment.id, comment.post_id, comment.author_id, comment.text, comment.created_at)
        with translate_errors():
            until = await self._connection.fetchval(_LOCK_AUTHOR, comment.author_id)
            await self._connection.execute(_ADD, *row, until)
        await self._connection.execute(_COUNT, comment.post_id)

    async def get(self, comment_id: CommentId) -> Comment | None:
        row = await self._connection.fetchrow(_GET, comment_id)
        return comment_of(row) if row else None

    async def delete(self, comment_id: CommentId) -> None:
        # Lock the post first, as the deletion of a post does. The reverse order could deadlock.
        await self._connection.execute(_LOCK_POST, comment_id)
        await self._connection.execute(_DELETE, comment_id)
