from adapters.postgres.database import Database
from adapters.postgres.paging import above_id, below_id, make_page, page_statement
from adapters.postgres.rows import comment_of
from adapters.postgres.views import comment_view, comment_view_of
from adapters.postgres.visibility import MODERATES, VISIBLE, not_blocked, not_in_effect
from domain.comments import Comment, CommentReader, CommentView
from domain.ids import CommentId, PostId, UserId
from domain.pages import Page, PageRequest

_FOR_VIEWER = f"""{not_blocked("$1", "comments.author_id")}
  and ({not_in_effect("comments.hidden_until")} or comments.author_id = $1 or {MODERATES.format(viewer="$1")})"""
_FOR_AUTHOR = not_blocked("posts.author_id", "comments.author_id")

# posts_pkey, blocks_pkey
_COMMENT_VISIBLE = f"""exists (select from posts where posts.id = comments.post_id and {VISIBLE} and {_FOR_AUTHOR})
  and {_FOR_VIEWER}"""

# comments_pkey
BY_ID = comment_view(f"select * from comments where id = $2 and {_COMMENT_VISIBLE}")

# posts_pkey, comments_post_id_id_idx, blocks_pkey
OF_POST = page_statement(
    lambda rows: comment_view(f"""
select comments.* from posts join comments on comments.post_id = posts.id
where posts.id = $2 and comments.id > $3 and {VISIBLE} and {_FOR_VIEWER} and {_FOR_AUTHOR}
order by comments.id limit {rows}""")
)

# comments_author_id_id_idx
OF_AUTHOR = page_statement(
    lambda rows: (
        "select id, post_id, author_id, text, created_at from comments "
        f"where author_id = $1 and id < $2 order by id desc limit {rows}"
    )
)


class PostgresCommentReader(CommentReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_post(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_POST(page), viewer, post_id, above_id(page))
        return make_page(rows, page, comment_view_of)

    async def of_author(self, author_id: UserId, page: PageRequest) -> Page[Comment]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_AUTHOR(page), author_id, below_id(page))
        return make_page(rows, page, comment_of)

    async def by_id(self, comment_id: CommentId, viewer: UserId | None) -> CommentView | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(BY_ID, viewer, comment_id)
        return comment_view_of(row) if row else None
