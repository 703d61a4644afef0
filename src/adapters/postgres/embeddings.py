from collections.abc import Mapping

from adapters.postgres.database import Connection
from domain.ids import ImageId
from domain.similarity import Embeddings
from domain.vision import Embedding

# embeddings_pkey. Sent as text: asyncpg encodes an array of numbers several times slower. pgvector rounds them to 2
# bytes.
_SAVE = """
insert into embeddings (image_id, model, embedding)
select id, $2, $3::text::halfvec from images where id = $1
on conflict (image_id) do update set model = excluded.model, embedding = excluded.embedding
"""


class PostgresEmbeddings(Embeddings):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def save(self, model: str, embeddings: Mapping[ImageId, Embedding]) -> None:
        rows = [(image_id, model, _to_halfvec(embeddings[image_id])) for image_id in sorted(embeddings)]
        await self._connection.executemany(_SAVE, rows)


def _to_halfvec(embedding: Embedding) -> str:
    """Return a halfvec literal."""
    return f"[{','.join(map(repr, embedding))}]"
