from collections.abc import Callable
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.email_links import EmailLink, EmailLinks, LinkPurpose
from domain.ids import UserId
from domain.users import UserNotFound


class MemoryEmailLinks(EmailLinks):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, link: EmailLink) -> None:
        tables = await self._transaction.tables()
        if link.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.email_links[link.hash] = link

    async def get(self, link_hash: str) -> EmailLink | None:
        return (await self._transaction.tables()).email_links.get(link_hash)

    async def delete(self, user_id: UserId, purpose: LinkPurpose, address: str) -> None:
        wanted = user_id, purpose, address
        await self._delete_where(lambda link: (link.user_id, link.purpose, link.address) == wanted)

    async def delete_all(self, user_id: UserId) -> None:
        await self._delete_where(lambda link: link.user_id == user_id)

    async def delete_expired(self, now: datetime) -> int:
        return await self._delete_where(lambda link: link.expires_at <= now)

    async def _delete_where(self, condition: Callable[[EmailLink], bool]) -> int:
        links = (await self._transaction.tables()).email_links
        found = [link.hash for link in links.values() if condition(link)]
        for link_hash in found:
            del links[link_hash]
        return len(found)
