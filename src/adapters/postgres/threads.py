from adapters.postgres.database import Database
from adapters.postgres.paging import above_id, cut, limited
from adapters.postgres.views import VISIBLE, Row, apart, comment_view, comment_view_of
from domain.comments import CommentView, Threads
from domain.ids import CommentId, PostId, UserId
from domain.pages import Page, PageRequest

_MET = apart("$1", "comments.author_id")
_SETTLED = apart("posts.author_id", "comments.author_id")

# posts_pkey, blocks_pkey
_SHOWN = f"""exists (select from posts where posts.id = comments.post_id and {VISIBLE} and {_SETTLED})
  and {_MET}"""

# comments_pkey
COMMENT = comment_view(f"select * from comments where id = $2 and {_SHOWN}")  # noqa: S608 — made of constants

# posts_pkey, comments_post_id_id_idx, blocks_pkey
UNDER = comment_view(f"""
select comments.* from posts join comments on comments.post_id = posts.id
where posts.id = $2 and comments.id > $3 and {VISIBLE} and {_MET} and {_SETTLED}
order by comments.id limit LIMIT""")  # noqa: S608 — made of constants


class PostgresThreads(Threads):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def under(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(limited(UNDER, page), viewer, post_id, above_id(page), record_class=Row)
        return cut(rows, page, comment_view_of)

    async def comment(self, comment_id: CommentId, viewer: UserId | None) -> CommentView | None:
        async with self._database.reading() as connection:
            row = await connection.fetchrow(COMMENT, viewer, comment_id, record_class=Row)
        return comment_view_of(row) if row else None
