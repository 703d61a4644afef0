from collections.abc import Sequence

from adapters.memory.transaction import Transaction
from domain.ids import FactorId, UserId
from domain.second_factors import Passkey, PasskeyTaken, SecondFactor, SecondFactors
from domain.users import UserNotFound


class MemorySecondFactors(SecondFactors):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, factor: SecondFactor) -> None:
        tables = await self._transaction.tables()
        if factor.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        if isinstance(factor.method, Passkey) and await self.by_credential(factor.method.credential_id):
            self._transaction.mark_failed()
            raise PasskeyTaken
        tables.second_factors[factor.id] = factor

    async def of_user(self, user_id: UserId) -> tuple[SecondFactor, ...]:
        factors = (await self._transaction.tables()).second_factors.values()
        own = [factor for factor in factors if factor.user_id == user_id]
        return tuple(sorted(own, key=lambda factor: factor.id))

    async def by_credential(self, credential_id: bytes) -> SecondFactor | None:
        factors = (await self._transaction.tables()).second_factors.values()
        passkeys = (factor for factor in factors if isinstance(factor.method, Passkey))
        return next((one for one in passkeys if _credential_id(one) == credential_id), None)

    async def save(self, factor: SecondFactor) -> None:
        factors = (await self._transaction.tables()).second_factors
        if factor.id in factors:
            factors[factor.id] = factors[factor.id].after_use(factor.method, factor.last_used_at)

    async def delete(self, factors: Sequence[FactorId]) -> None:
        tables = await self._transaction.tables()
        for factor_id in factors:
            tables.second_factors.pop(factor_id, None)


def _credential_id(factor: SecondFactor) -> bytes | None:
    return factor.method.credential_id if isinstance(factor.method, Passkey) else None
