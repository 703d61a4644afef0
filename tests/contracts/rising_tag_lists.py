"""The contract of `RisingTagLists`."""

from datetime import timedelta

from domain.search import TagSource
from domain.tags import RISING_LIFETIME, RisingTag, RisingTagList
from tests.contracts.harness import BEGINNING, StorageHarness

SAID = frozenset(TagSource)
FIRST = RisingTagList(BEGINNING, (RisingTag("Año", 3, SAID), RisingTag("dog", 1, frozenset({TagSource.MODEL}))))
TICK = timedelta(seconds=1)


class RisingTagListsContract:
    async def test_there_is_none_at_first(self, harness: StorageHarness) -> None:
        assert await harness.storage.rising_tag_lists.current() is None

    async def test_stored_list_is_current(self, harness: StorageHarness) -> None:
        await harness.storage.rising_tag_lists.save(FIRST)

        assert await harness.storage.rising_tag_lists.current() == FIRST

    async def test_fresh_list_is_not_replaced(self, harness: StorageHarness) -> None:
        lists = harness.storage.rising_tag_lists
        at_end, later = (
            RisingTagList(BEGINNING + RISING_LIFETIME, ()),
            RisingTagList(BEGINNING + RISING_LIFETIME + TICK, ()),
        )
        await lists.save(FIRST)

        await lists.save(at_end)
        assert await lists.current() == FIRST
        await lists.save(later)
        assert await lists.current() == later
