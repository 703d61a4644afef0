from collections.abc import Sequence
from typing import Any

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from domain.ids import FactorId, UserId
from domain.second_factors import (
    FactorKind,
    Method,
    Passkey,
    PasskeyTaken,
    RecoveryCodes,
    SecondFactor,
    SecondFactors,
    Totp,
)

ADD = """
insert into second_factors
  (id, user_id, kind, name, totp_secret, totp_step, credential_id, public_key, sign_count, code_hashes, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

# second_factors_user_id_id_idx
OF_USER = "select * from second_factors where user_id = $1 order by id for update"

# second_factors_credential_id_key
BY_CREDENTIAL = "select * from second_factors where credential_id = $1 for update"

# second_factors_pkey
SAVE = """
update second_factors set totp_step = $2, sign_count = $3, code_hashes = $4, last_used_at = $5 where id = $1
"""
DELETE = "delete from second_factors where id = any($1::uuid[])"


class PostgresSecondFactors(SecondFactors):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, factor: SecondFactor) -> None:
        columns = _columns(factor.method)
        try:
            with translate_errors():
                await self._connection.execute(
                    ADD, factor.id, factor.user_id, factor.kind.value, factor.name, *columns, factor.created_at
                )
        except asyncpg.UniqueViolationError:
            raise PasskeyTaken from None

    async def of_user(self, user_id: UserId) -> tuple[SecondFactor, ...]:
        return tuple(factor_of(row) for row in await self._connection.fetch(OF_USER, user_id))

    async def by_credential(self, credential_id: bytes) -> SecondFactor | None:
        row = await self._connection.fetchrow(BY_CREDENTIAL, credential_id)
        return factor_of(row) if row else None

    async def save(self, factor: SecondFactor) -> None:
        _, step, _, _, sign_count, hashes = _columns(factor.method)
        await self._connection.execute(SAVE, factor.id, step, sign_count, hashes, factor.last_used_at)

    async def delete(self, factors: Sequence[FactorId]) -> None:
        await self._connection.execute(DELETE, factors)


def factor_of(row: Any) -> SecondFactor:
    """Return the factor from all columns of `second_factors`."""
    return SecondFactor(
        FactorId(row.id), UserId(row.user_id), row.name, _method_of(row), row.created_at, row.last_used_at
    )


def _method_of(row: Any) -> Method:
    match FactorKind(row.kind):
        case FactorKind.TOTP:
            return Totp(row.totp_secret, row.totp_step)
        case FactorKind.PASSKEY:
            return Passkey(row.credential_id, row.public_key, row.sign_count)
        case FactorKind.RECOVERY_CODES:
            return RecoveryCodes(frozenset(found.hex() for found in row.code_hashes))


def _columns(method: Method) -> tuple[object, ...]:
    """Return the columns from `totp_secret` to `code_hashes`."""
    match method:
        case Totp():
            return (method.secret, method.last_step, None, None, None, None)
        case Passkey():
            return (None, None, method.credential_id, method.public_key, method.sign_count, None)
        case RecoveryCodes():
            return (None, None, None, None, None, [bytes.fromhex(one) for one in sorted(method.hashes)])
