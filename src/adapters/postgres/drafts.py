from adapters.postgres.database import Connection
from adapters.postgres.ledger import columns
from domain.blobs import BlobKey
from domain.captions import Draft, SaidTags, Source, Suggestion
from domain.ledger import Drafts, Question

# caption_drafts_pkey
FIND = """
select alt_text, source, tags, declined from caption_drafts
where picture = $1 and model = $2 and prompt_version = $3
"""

KEEP = """
insert into caption_drafts (picture, model, prompt_version, alt_text, source, tags, declined)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (picture, model, prompt_version) do update
set alt_text = excluded.alt_text, source = excluded.source, tags = excluded.tags, declined = excluded.declined
"""

FORGET = "delete from caption_drafts where picture = $1"

# images_original_id_idx
FORGET_UNNAMED = """
with gone as (
  delete from caption_drafts where not exists (select from images where images.original = caption_drafts.picture)
  returning 1
) select count(*) from gone
"""


class PostgresDrafts(Drafts):
    def __init__(self, by_hand: Connection) -> None:
        self._by_hand = by_hand

    async def find(self, question: Question) -> Draft | None:
        row = await self._by_hand.fetchrow(FIND, *columns(question))
        if row is None:
            return None
        model, version = question.model, question.prompt_version
        text, tags = row["alt_text"], tuple(row["tags"])
        return Draft(
            Suggestion(text, Source(row["source"]), model, version) if text is not None else None,
            SaidTags(tags, model, version) if tags else None,
            declined=row["declined"],
        )

    async def keep(self, question: Question, draft: Draft) -> None:
        said = draft.suggestion
        text, source = (said.text, said.source.value) if said else (None, None)
        tags = list(draft.said.tags) if draft.said else []
        await self._by_hand.execute(KEEP, *columns(question), text, source, tags, draft.declined)

    async def forget(self, picture: BlobKey) -> None:
        await self._by_hand.execute(FORGET, bytes.fromhex(picture.value))

    async def forget_unnamed(self) -> int:
        return int(await self._by_hand.fetchval(FORGET_UNNAMED))
