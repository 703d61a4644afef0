from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.errors import translate_errors
from adapters.postgres.tables import email_links, users
from domain.email_links import EmailLink, EmailLinks, LinkPurpose
from domain.ids import UserId

_columns = email_links.c


class PostgresEmailLinks(EmailLinks):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def add(self, link: EmailLink) -> None:
        row = {
            "hash": link.hash,
            "user_id": link.user_id,
            "purpose": link.purpose.value,
            "address": link.address,
            "expires_at": link.expires_at,
        }
        with translate_errors():
            await self._core.execute(insert(email_links).values(row))

    async def get(self, link_hash: str) -> EmailLink | None:
        # The user first, in the order of a deletion of the account, which deletes its links.
        owner = select(_columns.user_id).where(_columns.hash == link_hash).scalar_subquery()
        await self._core.execute(select(users.c.id).where(users.c.id == owner).with_for_update(key_share=True))
        statement = select(email_links).where(_columns.hash == link_hash).with_for_update()
        row = (await self._core.execute(statement)).one_or_none()
        if row is None:
            return None
        return EmailLink(row.hash, UserId(row.user_id), LinkPurpose(row.purpose), row.address, row.expires_at)

    async def delete(self, user_id: UserId, purpose: LinkPurpose, address: str) -> None:
        await self._delete_where(
            _columns.user_id == user_id, _columns.purpose == purpose.value, _columns.address == address
        )

    async def delete_all(self, user_id: UserId) -> None:
        await self._delete_where(_columns.user_id == user_id)

    async def delete_expired(self, now: datetime) -> int:
        return await self._delete_where(_columns.expires_at <= now)

    async def _delete_where(self, *conditions: ColumnElement[bool]) -> int:
        # email_links_user_id_idx, email_links_expires_at_idx
        return (await self._core.execute(delete(email_links).where(*conditions))).rowcount
