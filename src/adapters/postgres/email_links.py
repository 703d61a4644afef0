from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from domain.email_links import EmailLink, EmailLinks, LinkPurpose
from domain.ids import UserId

_ADD = "insert into email_links (hash, user_id, purpose, address, expires_at) values ($1, $2, $3, $4, $5)"

# The user first, in the order of a deletion of the account, which deletes its links. email_links_pkey, users_pkey
_LOCK_USER = "select from users where id = (select user_id from email_links where hash = $1) for no key update"
_GET = "select user_id, purpose, address, expires_at from email_links where hash = $1 for update"

# email_links_user_id_idx
_DELETE = "delete from email_links where user_id = $1 and purpose = $2 and address = $3"
_DELETE_ALL = "delete from email_links where user_id = $1"

# email_links_expires_at_idx
_DELETE_EXPIRED = "with gone as (delete from email_links where expires_at <= $1 returning 1) select count(*) from gone"


class PostgresEmailLinks(EmailLinks):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, link: EmailLink) -> None:
        with translate_errors():
            await self._connection.execute(
                _ADD, link.hash, link.user_id, link.purpose.value, link.address, link.expires_at
            )

    async def get(self, link_hash: str) -> EmailLink | None:
        await self._connection.execute(_LOCK_USER, link_hash)
        row = await self._connection.fetchrow(_GET, link_hash)
        if row is None:
            return None
        return EmailLink(link_hash, UserId(row.user_id), LinkPurpose(row.purpose), row.address, row.expires_at)

    async def delete(self, user_id: UserId, purpose: LinkPurpose, address: str) -> None:
        await self._connection.execute(_DELETE, user_id, purpose.value, address)

    async def delete_all(self, user_id: UserId) -> None:
        await self._connection.execute(_DELETE_ALL, user_id)

    async def delete_expired(self, now: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_EXPIRED, now))
