from typing import Any

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from domain.identities import Identities, Identity, IdentityTaken
from domain.ids import IdentityId, UserId

ADD = "insert into identities (id, user_id, issuer, subject, created_at) values ($1, $2, $3, $4, $5)"

# identities_issuer_subject_key
FIND = "select * from identities where issuer = $1 and subject = $2"

# identities_pkey
DELETE = "delete from identities where id = $1 and user_id = $2 returning 1"


class PostgresIdentities(Identities):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, identity: Identity) -> None:
        try:
            with translate_errors():
                await self._connection.execute(
                    ADD, identity.id, identity.user_id, identity.issuer, identity.subject, identity.created_at
                )
        except asyncpg.UniqueViolationError:
            raise IdentityTaken from None

    async def find(self, issuer: str, subject: str) -> Identity | None:
        row = await self._connection.fetchrow(FIND, issuer, subject)
        return identity_of(row) if row else None

    async def delete(self, identity_id: IdentityId, user_id: UserId) -> bool:
        return bool(await self._connection.fetchval(DELETE, identity_id, user_id))


def identity_of(row: Any) -> Identity:
    """Return the identity from all columns of `identities`."""
    return Identity(IdentityId(row.id), UserId(row.user_id), row.issuer, row.subject, row.created_at)
