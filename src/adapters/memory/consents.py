from adapters.memory import views
from adapters.memory.restrictions import is_image_hidden, restriction_of
from adapters.memory.transaction import Transaction
from domain.consent import CaptionChoice, Consent, Consents
from domain.ids import ImageId, UserId
from domain.users import UserNotFound


class MemoryConsents(Consents):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, user_id: UserId) -> Consent:
        return (await self._transaction.tables()).consents.get(user_id, Consent())

    async def save(self, user_id: UserId, consent: Consent) -> None:
        tables = await self._transaction.tables()
        if user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.consents[user_id] = consent

    async def choice_for(self, image_id: ImageId) -> CaptionChoice:
        tables = await self._transaction.tables()
        image = tables.images.get(image_id)
        if image is None:
            return CaptionChoice.NONE
        consent = tables.consents.get(image.owner_id, Consent())
        post = tables.posts[image.post_id] if image.post_id else None
        hidden = is_image_hidden(tables, image) or (post is not None and restriction_of(tables, post).hidden)
        return consent.choice_for(views.image_audience(tables, image), hidden=hidden)
