"""The contract of duplicates: what `Duplicates` finds, and what readers display."""

from dataclasses import replace

import pytest

from domain.blobs import BlobKey
from domain.ids import UserId
from domain.images import Image
from domain.users import User
from domain.vision.duplicates import MAX_DISTANCE, MAX_DUPLICATES, Duplicate, DuplicateKind, Fingerprint
from tests.contracts.harness import StorageHarness

BITS = 0x9F35_A1C2_7E04_DB68


def flip_bits(*bits: int) -> Fingerprint:
    return BITS ^ sum(1 << bit for bit in bits)


async def add_image(
    harness: StorageHarness, owner: User, fingerprint: Fingerprint | None = BITS, original: bytes = b""
) -> Image:
    image = replace(harness.new_image(owner, original or None), fingerprint=fingerprint)
    async with harness.storage.begin() as uow:
        await uow.images.add(image)
        await uow.commit()
    return image


async def find_duplicates(
    harness: StorageHarness, owner: User, fingerprint: Fingerprint | None = BITS, original: bytes = b"new"
) -> tuple[Duplicate, ...]:
    async with harness.storage.begin() as uow:
        return await uow.duplicates.find(owner.id, BlobKey.of(original), fingerprint)


async def note_duplicates(harness: StorageHarness, image: Image, *others: Image) -> None:
    async with harness.storage.begin() as uow:
        await uow.duplicates.save(image.id, [Duplicate(other.id, DuplicateKind.NEAR, 3) for other in others])
        await uow.commit()


async def read_duplicates(harness: StorageHarness, image: Image, viewer: UserId | None = None) -> list[Duplicate]:
    seen = await harness.storage.image_reader.by_id(image.id, viewer or image.owner_id)
    assert seen
    return list(seen.duplicates)


class DuplicatesContract:
    async def test_same_bytes_are_exact_duplicates(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await add_image(harness, ada, original=b"same")
        for fingerprint in (BITS, flip_bits(*range(30)), None):
            assert await find_duplicates(harness, ada, fingerprint, b"same") == (
                Duplicate(image.id, DuplicateKind.EXACT, 0),
            )

    @pytest.mark.parametrize(
        "bits",
        [
            (),
            (0,),
            (63,),
            tuple(range(10)),
            tuple(range(54, 64)),
            (0, 1, 16, 17, 32, 33, 34, 48, 49, 50),
            (0, 16, 17, 18, 32, 33, 34, 48, 49, 50),
        ],
    )
    async def test_ten_different_bits_are_near_duplicates(self, harness: StorageHarness, bits: tuple[int, ...]) -> None:
        ada = await harness.add_user("ada")
        image = await add_image(harness, ada, flip_bits(*bits))
        assert await find_duplicates(harness, ada) == (Duplicate(image.id, DuplicateKind.NEAR, len(bits)),)

    async def test_eleven_different_bits_are_no_duplicates(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for start in range(0, 50, 7):
            await add_image(harness, ada, flip_bits(*range(start, start + MAX_DISTANCE + 1)))
        await add_image(harness, ada, None)
        assert await find_duplicates(harness, ada) == ()

    async def test_image_without_features_has_no_near_duplicates(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await add_image(harness, ada, None)
        assert await find_duplicates(harness, ada, None) == ()

    async def test_duplicates_are_sorted_by_kind_distance_and_age(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        far, older, newer = [await add_image(harness, ada, flip_bits(*range(bits))) for bits in (5, 1, 1)]
        same = await add_image(harness, ada, flip_bits(*range(9)), original=b"same")
        order = [one.image_id for one in await find_duplicates(harness, ada, original=b"same")]
        assert order == [same.id, older.id, newer.id, far.id]

    async def test_number_of_duplicates_is_limited(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for _ in range(MAX_DUPLICATES + 2):
            await add_image(harness, ada)
        assert len(await find_duplicates(harness, ada)) == MAX_DUPLICATES

    async def test_only_visible_duplicates_are_found(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        hidden, posted, followers, worn = [await add_image(harness, bob) for _ in range(4)]
        await harness.add_post(bob, posted)
        await harness.add_post(bob, followers, private=True)
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(bob, avatar_image_id=worn.id))
            await uow.commit()
        assert {one.image_id for one in await find_duplicates(harness, ada)} == {posted.id, worn.id}
        assert {one.image_id for one in await find_duplicates(harness, bob)} == {
            hidden.id,
            posted.id,
            followers.id,
            worn.id,
        }

    async def test_stored_duplicates_are_part_of_image_everywhere(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        first, second = [await add_image(harness, ada) for _ in range(2)]
        await note_duplicates(harness, second, first)
        duplicate = Duplicate(first.id, DuplicateKind.NEAR, 3)
        assert await read_duplicates(harness, second) == [duplicate]
        assert await read_duplicates(harness, first) == []
        post = await harness.add_post(ada, second)
        view = await harness.storage.post_reader.by_id(post.id, ada.id)
        assert view
        assert view.images[0].duplicates == (duplicate,)
        async with harness.storage.begin() as uow:
            locked = await uow.images.get(second.id)
        assert locked
        assert locked.duplicates == (duplicate,)

    async def test_duplicates_hidden_from_owner_are_left_out(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        theirs, mine = await add_image(harness, bob), await add_image(harness, ada)
        post = await harness.add_post(bob, theirs)
        await note_duplicates(harness, mine, theirs)
        assert [one.image_id for one in await read_duplicates(harness, mine)] == [theirs.id]
        await harness.delete_post(post)
        assert await read_duplicates(harness, mine) == []

    async def test_fingerprint_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for fingerprint in (0, 1, BITS, 2**63, 2**64 - 1, None):
            seen = await harness.storage.image_reader.by_id((await add_image(harness, ada, fingerprint)).id, ada.id)
            assert seen
            assert seen.fingerprint == fingerprint
