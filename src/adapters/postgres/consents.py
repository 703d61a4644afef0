from asyncpg import Record

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from adapters.postgres.visibility import not_in_effect
from domain.consent import CaptionChoice, Consent, Consents
from domain.ids import ImageId, UserId
from domain.posts import Visibility

# consents_pkey
FIND = "select captions, followers_only, decided_at from consents where user_id = $1"

SAVE = """
insert into consents (user_id, captions, followers_only, decided_at) values ($1, $2, $3, $4)
on conflict (user_id) do update set captions = excluded.captions, followers_only = excluded.followers_only,
  decided_at = excluded.decided_at
"""

# images_pkey, posts_pkey, users_pkey, consents_pkey
FIND_FOR_IMAGE = f"""
select consents.captions, consents.followers_only, consents.decided_at,
  coalesce(posts.audience, case when users.private then 'followers' else users.default_visibility end) as audience,
  not ({not_in_effect("images.hidden_until")} and {not_in_effect("posts.hidden_until")}) as hidden
from images join users on users.id = images.owner_id
left join posts on posts.id = images.post_id
left join consents on consents.user_id = images.owner_id
where images.id = $1
"""


class PostgresConsents(Consents):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, user_id: UserId) -> Consent:
        return _consent_of(await self._connection.fetchrow(FIND, user_id))

    async def save(self, user_id: UserId, consent: Consent) -> None:
        values = consent.captions.value, consent.followers_only, consent.decided_at
        with translate_errors():
            await self._connection.execute(SAVE, user_id, *values)

    async def choice_for(self, image_id: ImageId) -> CaptionChoice:
        row = await self._connection.fetchrow(FIND_FOR_IMAGE, image_id)
        if row is None:
            return CaptionChoice.NONE
        return _consent_of(row).choice_for(Visibility(row["audience"]), hidden=row["hidden"])


def _consent_of(row: Record | None) -> Consent:
    if row is None or row["decided_at"] is None:
        return Consent()
    return Consent(CaptionChoice(row["captions"]), row["followers_only"], row["decided_at"])
