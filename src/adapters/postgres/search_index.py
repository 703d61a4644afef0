import json
from typing import Any

from adapters.postgres.database import Connection
from domain.ids import PostId, UserId
from domain.search import INDEX_VERSION, Document, ImageText, SearchIndex, TagSource, name_key

# posts_pkey. Indexing waits for concurrent changes of the posts and then reads what they committed. Otherwise two
# changes (of a label and a caption) would each miss the other. Posts are locked in the order of their ids, as by likes.
_LOCK = "select from posts where id = any($1::uuid[]) order by id for no key update"

# posts_pkey, images_post_id_position_idx, image_labels_pkey, label_verdicts_pkey
_PARTS = """
select id, text, (
  select coalesce(json_agg(json_build_object('alt_text', coalesce(alt_text, ''), 'said', said_tags, 'labels', (
    select coalesce(json_agg(json_build_object('name', labels.name, 'tags', tags) order by labels.position), '[]')
    from image_labels as labels
    where labels.image_id = images.id and not exists (
      select from label_verdicts as verdicts
      where verdicts.image_id = labels.image_id and verdicts.key = labels.key and verdict = 'wrong')))
    order by images.position), '[]')
  from images where images.post_id = posts.id) as images
from posts where id = any($1::uuid[]) order by id"""

_SAVE_WORDS = """
insert into search_documents (post_id, words, version)
select post_id, words::tsvector, $3 from unnest($1::uuid[], $2::text[]) as documents (post_id, words)
on conflict (post_id) do update set words = excluded.words, version = excluded.version"""

# post_tags_post_id_idx
_DELETE_TAGS = """
delete from post_tags
where post_id = any($1::uuid[]) and (post_id, tag) not in (select * from unnest($2::uuid[], $3::text[]))"""
_SAVE_TAGS = """
insert into post_tags (post_id, tag, by_human, by_model, typed)
select * from unnest($1::uuid[], $2::text[], $3::boolean[], $4::boolean[], $5::text[]) as sources (post_id, tag)
order by tag, post_id
on conflict (tag, post_id) do update
set by_human = excluded.by_human, by_model = excluded.by_model, typed = excluded.typed
where (post_tags.by_human, post_tags.by_model, post_tags.typed)
  is distinct from (excluded.by_human, excluded.by_model, excluded.typed)"""

# users_pkey
_NAMES = "select id, display_name from users where id = any($1::uuid[]) order by id for no key update"
_SAVE_NAMES = """
update users set folded_name = names.folded, name_version = $3
from unnest($1::uuid[], $2::text[]) as names (id, folded) where users.id = names.id"""


class PostgresSearchIndex(SearchIndex):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def refresh(self, *post_ids: PostId) -> None:
        await self._connection.execute(_LOCK, post_ids)
        rows = await self._connection.fetch(_PARTS, post_ids)
        documents = {
            row["id"]: Document.of(row["text"], [_image_text(image) for image in json.loads(row["images"])])
            for row in rows
        }
        words = [_to_tsvector(document) for document in documents.values()]
        await self._connection.execute(_SAVE_WORDS, list(documents), words, INDEX_VERSION)
        tags = [
            (post_id, tag, TagSource.HUMAN in by, TagSource.MODEL in by, document.typed_tags.get(tag))
            for post_id, document in documents.items()
            for tag, by in document.tags.items()
        ]
        columns = list(zip(*tags, strict=True)) or [()] * 5
        await self._connection.execute(_DELETE_TAGS, list(documents), *columns[:2])
        if tags:
            await self._connection.execute(_SAVE_TAGS, *columns)

    async def refresh_names(self, *user_ids: UserId) -> None:
        rows = await self._connection.fetch(_NAMES, user_ids)
        names = [name_key(row["display_name"]) for row in rows]
        await self._connection.execute(_SAVE_NAMES, [row["id"] for row in rows], names, INDEX_VERSION)


def _image_text(given: dict[str, Any]) -> ImageText:
    labels = given["labels"]
    tags = [tag for label in labels for tag in label["tags"]]
    return ImageText(given["alt_text"], tuple(label["name"] for label in labels), (*tags, *(given["said"] or ())))


def _to_tsvector(document: Document) -> str:
    """Return a tsvector literal: `'dog':1A 'park':2C`. Words contain no quotes or spaces. A weight needs a position."""
    return " ".join(
        f"'{word}':{number}{weight_label}" for number, (word, weight_label) in enumerate(document.words.items(), 1)
    )
