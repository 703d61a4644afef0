from adapters.memory.transaction import Transaction
from domain.identities import Identities, Identity, IdentityTaken
from domain.ids import IdentityId, UserId
from domain.users import UserNotFound


class MemoryIdentities(Identities):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, identity: Identity) -> None:
        tables = await self._transaction.tables()
        if identity.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        if await self.find(identity.issuer, identity.subject):
            self._transaction.mark_failed()
            raise IdentityTaken
        tables.identities[identity.id] = identity

    async def find(self, issuer: str, subject: str) -> Identity | None:
        identities = (await self._transaction.tables()).identities.values()
        return next((one for one in identities if (one.issuer, one.subject) == (issuer, subject)), None)

    async def delete(self, identity_id: IdentityId, user_id: UserId) -> bool:
        identities = (await self._transaction.tables()).identities
        identity = identities.get(identity_id)
        if identity is None or identity.user_id != user_id:
            return False
        del identities[identity_id]
        return True
