"""The contract of the terms."""

from asyncio import gather

from domain.terms import Terms
from tests.contracts.harness import StorageHarness, at


async def publish(harness: StorageHarness, text: str) -> Terms:
    async with harness.storage.begin() as uow:
        terms = await uow.terms.add(text, at(0))
        await uow.commit()
    return terms


class TermsContract:
    async def test_there_are_no_terms_at_first(self, harness: StorageHarness) -> None:
        assert await harness.storage.terms_reader.current() is None
        assert await harness.storage.terms_reader.by_version(1) is None

    async def test_versions_count_from_one_and_are_kept(self, harness: StorageHarness) -> None:
        first, second = await publish(harness, "Be kind."), await publish(harness, "Be kind, please.")

        assert (first, second) == (Terms(1, "Be kind.", at(0)), Terms(2, "Be kind, please.", at(0)))
        assert await harness.storage.terms_reader.current() == second
        assert await harness.storage.terms_reader.by_version(1) == first
        assert await harness.storage.terms_reader.by_version(3) is None

    async def test_concurrent_additions_get_different_versions(self, harness: StorageHarness) -> None:
        added = await gather(*(publish(harness, f"text {number}") for number in range(5)))

        assert sorted(terms.version for terms in added) == [1, 2, 3, 4, 5]

    async def test_accepted_version_is_stored(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada", accepted_terms=2)

        assert await harness.read_user(ada) == ada
