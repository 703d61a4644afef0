from adapters.postgres.database import Connection
from domain.ids import ImageId
from domain.similarity import Embeddings
from domain.vision import Embedding

# embeddings_pkey. Sent as 4-byte floats, which asyncpg supports; pgvector rounds them to 2 bytes.
_SAVE = """
insert into embeddings (image_id, model, embedding)
select id, $2, $3::real[]::halfvec from images where id = $1
on conflict (image_id) do update set model = excluded.model, embedding = excluded.embedding
"""


class PostgresEmbeddings(Embeddings):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def save(self, image_id: ImageId, model: str, embedding: Embedding) -> None:
        await self._connection.execute(_SAVE, image_id, model, embedding)
