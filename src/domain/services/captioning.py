"""Captioning: drafts of alt text, within the budgets, paid once for each image."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.captions import CallTerms, CaptionDraft, CaptionWriter, LostCall, UnusableDraft, WriterLockedOut
from domain.clock import Clock
from domain.consent import CaptionWriters
from domain.errors import DomainError, Unavailable
from domain.ids import CallId, Ids
from domain.images import Image, Size
from domain.ledger import Budget, Call, CaptionKey, Price, Prices, Spending, start_of_day
from domain.understanding import LEASE
from domain.unit_of_work import UnitOfWorkFactory

RETRY_AFTER = 10.0
"""Seconds until an image that another worker is captioning is checked again."""
LOCKOUT_PAUSE = timedelta(minutes=1)
"""How long a locked-out writer is not called again, however many images are due."""

logger = logging.getLogger("tintype.captions")


class CaptionInProgress(Unavailable):
    """Another worker is captioning the same image. Its answer will be reused."""


class Captioning:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        blobs: BlobStore,
        writers: CaptionWriters,
        prices: Prices,
        price_remedy: str,
        budget: Budget,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._blobs = blobs
        self.writers = writers
        self._prices = prices
        self._price_remedy = price_remedy
        self.budget = budget
        self._clock = clock
        self._ids = ids
        self._locked_until: dict[CaptionWriter, datetime] = {}

    async def writer_for(self, image: Image) -> CaptionWriter | str:
        """Return the writer that the owner agreed to for this image, or the reason why there is none."""
        async with self._begin() as uow:
            return self.writers.select(await uow.consents.choice_for(image.id))

    async def draft(self, writer: CaptionWriter, image: Image) -> CaptionDraft:
        """Return the answer of the writer, or of an earlier call for the same bytes.

        Raises `BudgetExhausted` and `CaptionInProgress` before any call, and what `CaptionWriter.write` raises.
        """
        if (until := self._locked_until.get(writer)) and self._clock.now() < until:
            raise WriterLockedOut
        try:
            return await self._write_or_reuse(writer, image)
        except WriterLockedOut as error:
            logger.warning("captions are paused: %s", error.operator_message)
            self._locked_until[writer] = self._clock.now() + LOCKOUT_PAUSE
            raise

    async def _write_or_reuse(self, writer: CaptionWriter, image: Image) -> CaptionDraft:
        terms = writer.terms
        if terms is None:
            return await writer.write(await self._read_rendition(image), image.public_labels)
        price = self._price(terms)
        # Read the image before reserving money: an unreadable image must cost nothing.
        data = await self._read_rendition(image)
        outcome = await self._reserve_or_reuse(image, terms, price)
        if isinstance(outcome, CaptionDraft):
            return outcome
        return await self._call_writer(outcome, price, lambda: writer.write(data, image.public_labels))

    async def _read_rendition(self, image: Image) -> bytes:
        """Read a rendition instead of the original, so that no GPS data or serial numbers are sent to a captioning
        service."""
        return await self._blobs.get(image.renditions[Size.MEDIUM].key)

    def _price(self, terms: CallTerms) -> Price:
        if terms.model not in self._prices:
            raise WriterLockedOut(
                f"the price of {terms.model} is not known, so no budget can be checked; {self._price_remedy}"
            )
        return self._prices[terms.model]

    async def _reserve_or_reuse(self, image: Image, terms: CallTerms, price: Price) -> CaptionDraft | Call:
        """Return a stored answer, or a call with its estimate reserved."""
        key = CaptionKey(image.original, terms.model, terms.prompt_version)
        async with self._begin() as uow:
            now = self._clock.now()
            standing = await uow.ledger.standing(key, image.owner_id, start_of_day(now), now - LEASE)
            if known := await uow.caption_cache.find(key):
                return known
            if standing.in_progress:
                raise CaptionInProgress("another worker is captioning the same image", retry_after=RETRY_AFTER)
            usd = price.cost_of(terms.max_usage)
            self.budget.admit(usd, standing.spent, now)
            call = Call(CallId(self._ids.new()), key, image.id, image.owner_id, now, usd)
            await uow.ledger.save(call)
            await uow.commit()
        return call

    async def _call_writer(
        self, call: Call, price: Price, write: Callable[[], Awaitable[CaptionDraft]]
    ) -> CaptionDraft:
        """Make the call and settle it. If the worker dies meanwhile, the call stays open with its estimate."""
        try:
            draft = await write()
        except UnusableDraft as error:
            await self._settle(call.mark_unusable(error.usage, price))
            raise
        except LostCall:
            await self._settle(call.mark_lost())
            raise
        except DomainError:
            await self._settle(call.mark_failed())
            raise
        except Exception:
            await self._settle(call.mark_lost())
            raise
        await self._settle(call.mark_answered(draft, price), draft)
        return draft

    async def _settle(self, call: Call, draft: CaptionDraft | None = None) -> None:
        async with self._begin() as uow:
            await uow.ledger.save(call)
            if draft is not None:
                await uow.caption_cache.save(call.key, draft)
            await uow.commit()

    async def spent_today(self) -> Spending:
        """Return the cost of today's calls so far (UTC)."""
        async with self._begin() as uow:
            return await uow.ledger.spending(start_of_day(self._clock.now()))

    async def delete_unreferenced(self) -> int:
        """Delete answers about images that no longer exist. Return their number."""
        async with self._begin() as uow:
            count = await uow.caption_cache.delete_unreferenced()
            await uow.commit()
        return count
