from typing import Any

from adapters.postgres.database import Connection
from domain.ids import PostId, UserId
from domain.search import INDEX_VERSION, Document, ImageText, SearchIndex, TagSource, name_key

# posts_pkey. Indexing waits for concurrent changes of the post and then reads what they committed. Otherwise two
# changes (of a label and a caption) would each miss the other.
_LOCK = "select from posts where id = $1 for no key update"

# posts_pkey, images_post_id_position_idx, image_labels_pkey, label_verdicts_pkey
_PARTS = """
select text, (
  select coalesce(json_agg(json_build_object('alt_text', coalesce(alt_text, ''), 'said', said_tags, 'labels', (
    select coalesce(json_agg(json_build_object('name', labels.name, 'tags', tags) order by labels.position), '[]')
    from image_labels as labels
    where labels.image_id = images.id and not exists (
      select from label_verdicts as verdicts
      where verdicts.image_id = labels.image_id and verdicts.key = labels.key and verdict = 'wrong')))
    order by images.position), '[]')
  from images where images.post_id = posts.id) as images
from posts where id = $1"""

_SAVE_WORDS = """
insert into search_documents (post_id, words, version) values ($1, $2::text::tsvector, $3)
on conflict (post_id) do update set words = excluded.words, version = excluded.version"""

# post_tags_post_id_idx
_DELETE_TAGS = "delete from post_tags where post_id = $1 and tag <> all($2::text[])"
_SAVE_TAGS = """
insert into post_tags (tag, post_id, by_human, by_model, typed)
select tag, $1, human, model, typed
from unnest($2::text[], $3::boolean[], $4::boolean[], $5::text[]) as sources (tag, human, model, typed)
order by tag
on conflict (tag, post_id) do update
set by_human = excluded.by_human, by_model = excluded.by_model, typed = excluded.typed
where (post_tags.by_human, post_tags.by_model, post_tags.typed)
  is distinct from (excluded.by_human, excluded.by_model, excluded.typed)"""

# users_pkey
_NAME = "select display_name from users where id = $1 for no key update"
_SAVE_NAME = "update users set folded_name = $2, name_version = $3 where id = $1"


class PostgresSearchIndex(SearchIndex):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def refresh(self, post_id: PostId) -> None:
        await self._connection.execute(_LOCK, post_id)
        row = await self._connection.fetchrow(_PARTS, post_id)
        if row is None:
            return
        document = Document.of(row["text"], [_image_text(image) for image in row["images"]])
        await self._connection.execute(_SAVE_WORDS, post_id, _to_tsvector(document), INDEX_VERSION)
        tags = sorted(document.tags)
        await self._connection.execute(_DELETE_TAGS, post_id, tags)
        said = [[by in document.tags[tag] for tag in tags] for by in (TagSource.HUMAN, TagSource.MODEL)]
        typed = [document.typed_tags.get(tag) for tag in tags]
        await self._connection.execute(_SAVE_TAGS, post_id, tags, *said, typed)

    async def refresh_name(self, user_id: UserId) -> None:
        name = await self._connection.fetchval(_NAME, user_id)
        if name is not None:
            await self._connection.execute(_SAVE_NAME, user_id, name_key(name), INDEX_VERSION)


def _image_text(given: dict[str, Any]) -> ImageText:
    labels = given["labels"]
    tags = [tag for label in labels for tag in label["tags"]]
    return ImageText(given["alt_text"], tuple(label["name"] for label in labels), (*tags, *(given["said"] or ())))


def _to_tsvector(document: Document) -> str:
    """Return a tsvector literal: `'dog':1A 'park':2C`. Words contain no quotes or spaces. A weight needs a position."""
    return " ".join(
        f"'{word}':{number}{weight_label}" for number, (word, weight_label) in enumerate(document.words.items(), 1)
    )
