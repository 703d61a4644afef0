"""The same picture twice: what `Duplicates` finds, and what readers show of it."""

from dataclasses import replace

import pytest

from domain.blobs import BlobKey
from domain.duplicates import MOST_DUPLICATES, NEAR, Duplicate, DuplicateKind, Fingerprint
from domain.ids import UserId
from domain.images import Image
from domain.users import User
from tests.contracts.world import World

BITS = 0x9F35_A1C2_7E04_DB68


def flipped(*bits: int) -> Fingerprint:
    return BITS ^ sum(1 << bit for bit in bits)


async def stored(world: World, owner: User, fingerprint: Fingerprint | None = BITS, original: bytes = b"") -> Image:
    image = replace(world.an_image(owner, original or None), fingerprint=fingerprint)
    async with world.storage.begin() as uow:
        await uow.images.add(image)
        await uow.commit()
    return image


async def found(
    world: World, owner: User, fingerprint: Fingerprint | None = BITS, original: bytes = b"new"
) -> tuple[Duplicate, ...]:
    async with world.storage.begin() as uow:
        return await uow.duplicates.find(owner.id, BlobKey.of(original), fingerprint)


async def noted(world: World, image: Image, *others: Image) -> None:
    async with world.storage.begin() as uow:
        await uow.duplicates.note(image.id, [Duplicate(other.id, DuplicateKind.NEAR, 3) for other in others])
        await uow.commit()


async def shown(world: World, image: Image, viewer: UserId | None = None) -> list[Duplicate]:
    seen = await world.storage.gallery.image(image.id, viewer or image.owner_id)
    assert seen
    return list(seen.duplicates)


class DuplicatesContract:
    async def test_the_same_bytes_are_exact_whatever_the_fingerprint(self, world: World) -> None:
        ada = await world.user("ada")
        image = await stored(world, ada, original=b"same")
        for fingerprint in (BITS, flipped(*range(30)), None):
            assert await found(world, ada, fingerprint, b"same") == (Duplicate(image.id, DuplicateKind.EXACT, 0),)

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
    async def test_ten_bits_anywhere_are_near(self, world: World, bits: tuple[int, ...]) -> None:
        ada = await world.user("ada")
        image = await stored(world, ada, flipped(*bits))
        assert await found(world, ada) == (Duplicate(image.id, DuplicateKind.NEAR, len(bits)),)

    async def test_eleven_bits_are_not(self, world: World) -> None:
        ada = await world.user("ada")
        for start in range(0, 50, 7):
            await stored(world, ada, flipped(*range(start, start + NEAR + 1)))
        await stored(world, ada, None)
        assert await found(world, ada) == ()

    async def test_a_picture_without_features_is_like_none(self, world: World) -> None:
        ada = await world.user("ada")
        await stored(world, ada, None)
        assert await found(world, ada, None) == ()

    async def test_exact_ones_come_first_then_the_nearest_then_the_oldest(self, world: World) -> None:
        ada = await world.user("ada")
        far, older, newer = [await stored(world, ada, flipped(*range(bits))) for bits in (5, 1, 1)]
        same = await stored(world, ada, flipped(*range(9)), original=b"same")
        order = [one.image_id for one in await found(world, ada, original=b"same")]
        assert order == [same.id, older.id, newer.id, far.id]

    async def test_no_more_are_found_than_anybody_wants(self, world: World) -> None:
        ada = await world.user("ada")
        for _ in range(MOST_DUPLICATES + 2):
            await stored(world, ada)
        assert len(await found(world, ada)) == MOST_DUPLICATES

    async def test_only_what_one_may_see_is_found(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        hidden, posted, followers, worn = [await stored(world, bob) for _ in range(4)]
        await world.post(bob, posted)
        await world.post(bob, followers, private=True)
        async with world.storage.begin() as uow:
            await uow.users.save(replace(bob, avatar_image_id=worn.id))
            await uow.commit()
        assert {one.image_id for one in await found(world, ada)} == {posted.id, worn.id}
        assert {one.image_id for one in await found(world, bob)} == {hidden.id, posted.id, followers.id, worn.id}

    async def test_what_is_noted_is_shown_with_the_image_wherever_it_stands(self, world: World) -> None:
        ada = await world.user("ada")
        first, second = [await stored(world, ada) for _ in range(2)]
        await noted(world, second, first)
        duplicate = Duplicate(first.id, DuplicateKind.NEAR, 3)
        assert await shown(world, second) == [duplicate]
        assert await shown(world, first) == []
        post = await world.post(ada, second)
        view = await world.storage.feeds.post(post.id, ada.id)
        assert view
        assert view.images[0].duplicates == (duplicate,)
        async with world.storage.begin() as uow:
            locked = await uow.images.get(second.id)
        assert locked
        assert locked.duplicates == (duplicate,)

    async def test_what_its_owner_may_no_longer_see_is_not_shown(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        theirs, mine = await stored(world, bob), await stored(world, ada)
        post = await world.post(bob, theirs)
        await noted(world, mine, theirs)
        assert [one.image_id for one in await shown(world, mine)] == [theirs.id]
        await world.delete_post(post)
        assert await shown(world, mine) == []

    async def test_the_fingerprint_comes_back(self, world: World) -> None:
        ada = await world.user("ada")
        for fingerprint in (0, 1, BITS, 2**63, 2**64 - 1, None):
            seen = await world.storage.gallery.image((await stored(world, ada, fingerprint)).id, ada.id)
            assert seen
            assert seen.fingerprint == fingerprint
