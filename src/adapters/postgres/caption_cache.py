from adapters.postgres.database import Connection
from adapters.postgres.ledger import key_columns
from domain.blobs import BlobKey
from domain.captions import CaptionDraft, ModelTags, Source, Suggestion
from domain.ledger import CaptionCache, CaptionKey

# caption_drafts_pkey
FIND = """
select alt_text, source, tags, declined from caption_drafts
where picture = $1 and model = $2 and prompt_version = $3
"""

SAVE = """
insert into caption_drafts (picture, model, prompt_version, alt_text, source, tags, declined)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (picture, model, prompt_version) do update
set alt_text = excluded.alt_text, source = excluded.source, tags = excluded.tags, declined = excluded.declined
"""

DELETE = "delete from caption_drafts where picture = $1"

# images_original_id_idx
DELETE_UNREFERENCED = """
with gone as (
  delete from caption_drafts where not exists (select from images where images.original = caption_drafts.picture)
  returning 1
) select count(*) from gone
"""


class PostgresCaptionCache(CaptionCache):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find(self, key: CaptionKey) -> CaptionDraft | None:
        row = await self._connection.fetchrow(FIND, *key_columns(key))
        if row is None:
            return None
        model, version = key.model, key.prompt_version
        text, tags = row["alt_text"], tuple(row["tags"])
        return CaptionDraft(
            Suggestion(text, Source(row["source"]), model, version) if text is not None else None,
            ModelTags(tags, model, version) if tags else None,
            declined=row["declined"],
        )

    async def save(self, key: CaptionKey, draft: CaptionDraft) -> None:
        said = draft.suggestion
        text, source = (said.text, said.source.value) if said else (None, None)
        tags = list(draft.model_tags.tags) if draft.model_tags else []
        await self._connection.execute(SAVE, *key_columns(key), text, source, tags, draft.declined)

    async def delete(self, image: BlobKey) -> None:
        await self._connection.execute(DELETE, bytes.fromhex(image.value))

    async def delete_unreferenced(self) -> int:
        return int(await self._connection.fetchval(DELETE_UNREFERENCED))
