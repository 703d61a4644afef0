"""Captioning: a draft for a picture, paid for within the budgets and once for everybody."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.captions import CaptionWriter, Draft, LostCall, Terms, UnusableDraft, WriterLockedOut
from domain.clock import Clock
from domain.errors import DomainError, Unavailable
from domain.ids import CallId, Ids
from domain.images import Image, Size
from domain.ledger import Budget, Call, Price, Prices, Question, Spent, day_of
from domain.understanding import LEASE
from domain.unit_of_work import Begin

LOOK_AGAIN = 10.0
"""Seconds until a picture that somebody else is asking about is looked at again."""
ONE_ASKS_FOR_ALL = timedelta(minutes=1)
"""How long a writer that is locked out is not called again, however many pictures are due."""

logger = logging.getLogger("tintype.captions")


class UnderWay(Unavailable):
    """Somebody is asking about the very same picture: their answer will do."""


class Captioning:
    def __init__(
        self,
        begin: Begin,
        blobs: BlobStore,
        writer: CaptionWriter | None,
        prices: Prices,
        budget: Budget,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._blobs = blobs
        self.writer = writer
        self._prices = prices
        self.budget = budget
        self._clock = clock
        self._ids = ids
        self._shut_until: datetime | None = None

    async def draft(self, writer: CaptionWriter, image: Image) -> Draft:
        """What the writer, or an earlier call about the same bytes, says of the image.

        Raises `BudgetExhausted` and `UnderWay` before any call, and what `CaptionWriter.write` raises.
        """
        if self._shut_until is not None and self._clock.now() < self._shut_until:
            raise WriterLockedOut
        try:
            return await self._drafted(writer, image)
        except WriterLockedOut as error:
            logger.warning("captions wait: %s", error.for_operator)
            self._shut_until = self._clock.now() + ONE_ASKS_FOR_ALL
            raise

    async def _drafted(self, writer: CaptionWriter, image: Image) -> Draft:
        terms = writer.terms
        if terms is None:
            return await writer.write(await self._shown(image), image.public_labels)
        price = self._price(terms)
        # Before the money is reserved: a picture that cannot be read costs nothing.
        data = await self._shown(image)
        found = await self._admitted(image, terms, price)
        if isinstance(found, Draft):
            return found
        return await self._paid(found, price, lambda: writer.write(data, image.public_labels))

    async def _shown(self, image: Image) -> bytes:
        """A rendition, not the original: what goes to a captioning service holds no GPS and no serial numbers."""
        return await self._blobs.get(image.renditions[Size.MEDIUM].key)

    def _price(self, terms: Terms) -> Price:
        if terms.model not in self._prices:
            raise WriterLockedOut(
                f"TINTYPE_CAPTION_PRICES has no price for {terms.model}, so no budget could hold it; add "
                f'{{"{terms.model}": [dollars per million tokens in, out]}} ([0, 0] for a model of your own)'
            )
        return self._prices[terms.model]

    async def _admitted(self, image: Image, terms: Terms, price: Price) -> Draft | Call:
        """The answer that is there already, or a call whose estimate is reserved. One at a time for the whole database,
        so that no number of workers spends more than there is or pays twice for the same."""
        question = Question(image.original, terms.model, terms.prompt_version)
        async with self._begin() as uow:
            await uow.ledger.hold()
            now = self._clock.now()
            if known := await uow.drafts.find(question):
                return known
            if await uow.ledger.is_open(question, now - LEASE):
                raise UnderWay("somebody else is asking about the same picture", retry_after=LOOK_AGAIN)
            usd = price.of(terms.most)
            self.budget.admit(usd, await uow.ledger.spent(day_of(now), image.owner_id), now)
            call = Call(CallId(self._ids.new()), question, image.id, image.owner_id, now, usd)
            await uow.ledger.save(call)
            await uow.commit()
        return call

    async def _paid(self, call: Call, price: Price, write: Callable[[], Awaitable[Draft]]) -> Draft:
        """Make the call and settle it. A worker that dies in between leaves it open, at its estimate."""
        try:
            draft = await write()
        except UnusableDraft as error:
            await self._settle(call.unusable(error.usage, price))
            raise
        except LostCall:
            await self._settle(call.lost())
            raise
        except DomainError:
            await self._settle(call.failed())
            raise
        except Exception:
            await self._settle(call.lost())
            raise
        await self._settle(call.answered(draft, price), draft)
        return draft

    async def _settle(self, call: Call, draft: Draft | None = None) -> None:
        async with self._begin() as uow:
            await uow.ledger.save(call)
            if draft is not None:
                await uow.drafts.keep(call.question, draft)
            await uow.commit()

    async def spent_today(self) -> Spent:
        """What today's calls cost so far (UTC)."""
        async with self._begin() as uow:
            return await uow.ledger.spent(day_of(self._clock.now()))

    async def forget_unnamed(self) -> int:
        """Drop the answers about pictures that are gone; how many."""
        async with self._begin() as uow:
            count = await uow.drafts.forget_unnamed()
            await uow.commit()
        return count
