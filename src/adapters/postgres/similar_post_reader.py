from collections.abc import Sequence
from typing import Any

from adapters.postgres.database import Database
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import DISCOVERABLE, VISIBLE, not_in_effect
from domain.ids import ImageId, UserId
from domain.similarity import MAX_PENDING, SimilarPost, SimilarPostReader, SimilarPosts
from domain.vision import Embedding

_IMAGES_PER_POST = 4
"""How many images are searched for each requested post, since a post may have several similar ones."""


def _nearest_query(target: str, model: str, apart_from: str) -> str:
    """Return SQL for the posts nearest to `target`, each with its nearest image."""
    # embeddings_embedding_idx, then images_pkey and posts_pkey. The index returns its nearest rows, approximately
    # ordered, until enough pass the filter (a setting in database.py). Therefore they are sorted again.
    near = f"""
select posts.id, i.id as image_id, e.embedding <=> {target} as distance
from embeddings e join images i on i.id = e.image_id join posts on posts.id = i.post_id
where e.model = {model} and {VISIBLE} and {DISCOVERABLE} and {not_in_effect("i.hidden_until")} and {apart_from}
order by e.embedding <=> {target} limit IMAGES"""
    each_once = f"""
select distinct on (near.id) near.id, near.image_id, near.distance from ({near}) as near
order by near.id, near.distance, near.image_id"""
    return post_view(f"""
select posts.*, found.image_id, found.distance, -found.distance as key
from (select * from ({each_once}) as found order by found.distance, found.id limit POSTS) as found
join posts on posts.id = found.id""")


_MAX_CANDIDATES = 10 * MAX_PENDING
"""The number of pending images that are checked, so that viewers who may see few of them do not wait long."""


def _pending_query(model: str) -> str:
    """Return SQL for the number of images in visible posts that the model has not classified, at most `MAX_PENDING`.
    Mirrors `Understanding.is_outstanding_for`."""
    # understandings_due_idx; understandings_task_model_idx in two ranges, as in understandings.py. One lookup in
    # images_pkey and posts_pkey for each row: a join is sometimes planned as a hash of whole tables.
    visible = f"""coalesce((select true from images i join posts on posts.id = i.post_id
  where i.id = u.image_id and {VISIBLE} and {DISCOVERABLE} and {not_in_effect("i.hidden_until")}), false)"""
    part = f"""
(select 1 from (select image_id from understandings u where {{rows}} and u.task = 'classification'
  limit {_MAX_CANDIDATES}) as u where {visible} limit {MAX_PENDING})"""
    parts = " union all ".join(
        part.format(rows=rows)
        for rows in (
            "u.state in ('pending', 'running')",
            f"u.state = 'done' and (u.model < {model} or u.model > {model})",
        )
    )
    return f"select least(count(*), {MAX_PENDING}) from ({parts}) as pending"


_OF_IMAGE_COLUMN = "(select {column} from embeddings where image_id = $2)"
OF_IMAGE = _nearest_query(
    _OF_IMAGE_COLUMN.format(column="embedding"),
    _OF_IMAGE_COLUMN.format(column="model"),
    "i.post_id is distinct from (select post_id from images where id = $2)",
)
OF_EMBEDDING = _nearest_query("$2::real[]::halfvec", "$3", "true")
# embeddings_pkey. A separate statement, so that PostgreSQL plans the count for a known model.
MODEL_OF_IMAGE = "select model from embeddings where image_id = $1"
PENDING = _pending_query("$2")


class PostgresSimilarPostReader(SimilarPostReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_image(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        posts = await self._fetch(OF_IMAGE, limit, viewer, image_id)
        async with self._database.connection() as connection:
            model = await connection.fetchval(MODEL_OF_IMAGE, image_id)
        return SimilarPosts(posts, await self._pending_count(model, viewer))

    async def of_embedding(self, embedding: Embedding, model: str, viewer: UserId | None, limit: int) -> SimilarPosts:
        posts = await self._fetch(OF_EMBEDDING, limit, viewer, embedding, model)
        return SimilarPosts(posts, await self._pending_count(model, viewer))

    async def _pending_count(self, model: str | None, viewer: UserId | None) -> int:
        async with self._database.planning_connection() as connection:
            return int(await connection.fetchval(PENDING, viewer, model))

    async def _fetch(self, statement: str, limit: int, viewer: UserId | None, *arguments: Any) -> Sequence[SimilarPost]:
        # Numbers in the text rather than parameters, so that PostgreSQL plans for few rows.
        statement = statement.replace("IMAGES", str(limit * _IMAGES_PER_POST)).replace("POSTS", str(limit))
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement, viewer, *arguments)
        return [SimilarPost(post_view_of(row, viewer), ImageId(row.image_id), row.distance) for row in rows]
