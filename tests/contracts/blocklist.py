"""The contracts of the blocklist, of screenings, and of quarantined images."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.blobs import BlobKey
from domain.blocklist import Entry, HashKind, ImageHashes, Match
from domain.decisions import Decision
from domain.effects import Effect, Target, TargetKind
from domain.ids import EntryId, ImageId
from domain.image_use import ImageQuarantined
from domain.images import Image, Size
from domain.pages import PageRequest
from domain.roles import Role
from domain.screening import PendingScreening
from domain.users import User
from domain.vision.duplicates import fingerprint_orientations
from domain.vision.pdq import Pdq, pdq_orientations
from tests.contracts.harness import StorageHarness
from tests.contracts.moderation import Listed, decide

FINGERPRINT = 0x9F35_A1C2_7E04_DB68
PDQ = Pdq(0xD8F8F0CCE0F4A84F0E370A22028F67F0B36E2ED596623E1D33E6B39C4E9C9B22)
SHA = BlobKey.of(b"known")
NONE = ImageHashes((BlobKey.of(b"other"),), None, ())


def entry_of(harness: StorageHarness, kind: HashKind, number: int, reason: str = "known") -> Entry:
    value = f"{number:0{kind.digits}x}"
    return Entry(EntryId(harness.new_id()), kind, value, reason, "a list", "mia", harness.now())


async def add_entry(harness: StorageHarness, kind: HashKind, number: int, reason: str = "known") -> Entry:
    entry = entry_of(harness, kind, number, reason)
    assert await add_entries(harness, entry) == 1
    return entry


async def add_entries(harness: StorageHarness, *entries: Entry) -> int:
    async with harness.storage.begin() as uow:
        count = await uow.blocklist.add(entries)
        await uow.commit()
    return count


async def find_match(harness: StorageHarness, hashes: ImageHashes) -> Match | None:
    async with harness.storage.begin() as uow:
        return await uow.blocklist.find_match(hashes)


async def add_hashed(
    harness: StorageHarness, owner: User, *, fingerprint: int | None = None, pdq: Pdq | None = None, data: bytes = b""
) -> Image:
    image = replace(harness.new_image(owner, data or None), fingerprint=fingerprint)
    async with harness.storage.begin() as uow:
        await uow.images.add(image)
        await uow.blocklist.save_pdq(image.id, pdq)
        await uow.commit()
    return image


async def find_images(
    harness: StorageHarness, entry: Entry, after: ImageId | None = None, limit: int = 10
) -> list[tuple[ImageId, int]]:
    async with harness.storage.begin() as uow:
        return list(await uow.blocklist.find_images(entry, after, limit))


def flip(number: int, bits: int, step: int) -> int:
    """The number with that many bits changed, `step` apart."""
    return number ^ sum(1 << place * step for place in range(bits))


class BlocklistContract:
    async def test_equal_bytes_match(self, harness: StorageHarness) -> None:
        entry = await add_entry(harness, HashKind.SHA256, int(SHA.value, 16))

        found = await find_match(harness, ImageHashes((BlobKey.of(b"other"), SHA), None, ()))

        assert found == Match(HashKind.SHA256, 0, "known", "a list", entry.id)
        assert await find_match(harness, NONE) is None

    @pytest.mark.parametrize(("bits", "matches"), [(0, True), (10, True), (11, False)])
    @pytest.mark.parametrize("turn", range(8))
    async def test_perceptual_hash_matches_in_every_orientation(
        self, harness: StorageHarness, turn: int, bits: int, matches: bool
    ) -> None:
        entry = await add_entry(harness, HashKind.PERCEPTUAL, fingerprint_orientations(FINGERPRINT)[turn])
        ada = await harness.add_user("ada")
        copy = flip(FINGERPRINT, bits, 5)

        found = await find_match(harness, ImageHashes(NONE.sha256, copy, ()))
        image = await add_hashed(harness, ada, fingerprint=copy)

        assert (found is not None and found.distance == bits) is matches
        assert await find_images(harness, entry) == ([(image.id, bits)] if matches else [])

    @pytest.mark.parametrize(("bits", "matches"), [(0, True), (31, True), (32, False)])
    @pytest.mark.parametrize("turn", range(8))
    async def test_pdq_hash_matches_in_every_orientation(
        self, harness: StorageHarness, turn: int, bits: int, matches: bool
    ) -> None:
        entry = await add_entry(harness, HashKind.PDQ, pdq_orientations(PDQ)[turn])
        ada = await harness.add_user("ada")
        copy = Pdq(flip(PDQ, bits, 8))

        found = await find_match(harness, ImageHashes(NONE.sha256, None, pdq_orientations(copy)))
        image = await add_hashed(harness, ada, pdq=copy)

        assert (found is not None and found.distance == bits) is matches
        assert await find_images(harness, entry) == ([(image.id, bits)] if matches else [])

    async def test_nearest_entry_matches(self, harness: StorageHarness) -> None:
        await add_entry(harness, HashKind.PERCEPTUAL, flip(FINGERPRINT, 3, 5))
        near = await add_entry(harness, HashKind.PERCEPTUAL, flip(FINGERPRINT, 1, 5))
        await add_entry(harness, HashKind.PDQ, flip(PDQ, 1, 8))

        found = await find_match(harness, ImageHashes(NONE.sha256, FINGERPRINT, pdq_orientations(PDQ)))

        assert found is not None
        assert (found.entry_id, found.distance) == (near.id, 1)

    async def test_known_hashes_are_added_once(self, harness: StorageHarness) -> None:
        first = await add_entry(harness, HashKind.PDQ, PDQ)
        other = entry_of(harness, HashKind.SHA256, PDQ)

        assert await add_entries(harness, entry_of(harness, HashKind.PDQ, PDQ, "again"), other, other) == 1
        page = await harness.storage.blocklist_reader.entries(PageRequest(10))
        assert list(page.items) == [other, first]

    async def test_entries_are_paged_newest_first(self, harness: StorageHarness) -> None:
        entries = [await add_entry(harness, HashKind.SHA256, number) for number in range(5)]
        seen: list[Entry] = []
        page = await harness.storage.blocklist_reader.entries(PageRequest(2))
        while page.next:
            seen += page.items
            page = await harness.storage.blocklist_reader.entries(PageRequest(2, page.next))

        assert [*seen, *page.items] == entries[::-1]

    async def test_kinds_of_entries_are_known(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            assert await uow.blocklist.kinds() == set()
        await add_entry(harness, HashKind.PDQ, PDQ)
        await add_entry(harness, HashKind.PDQ, PDQ + 1)
        await add_entry(harness, HashKind.SHA256, PDQ)

        async with harness.storage.begin() as uow:
            assert await uow.blocklist.kinds() == {HashKind.PDQ, HashKind.SHA256}

    async def test_deleted_entry_matches_nothing(self, harness: StorageHarness) -> None:
        entry = await add_entry(harness, HashKind.SHA256, int(SHA.value, 16))
        async with harness.storage.begin() as uow:
            assert await uow.blocklist.delete(entry.id) == entry
            assert await uow.blocklist.delete(entry.id) is None
            await uow.commit()

        assert await find_match(harness, ImageHashes((SHA,), None, ())) is None

    async def test_stored_images_are_found_in_parts(self, harness: StorageHarness) -> None:
        entry = await add_entry(harness, HashKind.SHA256, int(SHA.value, 16))
        ada = await harness.add_user("ada")
        images = [(await add_hashed(harness, ada, data=b"known")).id for _ in range(3)]
        await add_hashed(harness, ada, data=b"other")

        first = await find_images(harness, entry, limit=2)
        rest = await find_images(harness, entry, first[-1][0], limit=2)

        assert [*first, *rest] == [(image, 0) for image in images]

    async def test_entries_are_applied_once(self, harness: StorageHarness) -> None:
        entries = [await add_entry(harness, HashKind.SHA256, number) for number in range(3)]
        async with harness.storage.begin() as uow:
            assert list(await uow.blocklist.find_unapplied(2)) == entries[:2]
            await uow.blocklist.mark_applied(entries[0].id)
            await uow.commit()

        async with harness.storage.begin() as uow:
            assert list(await uow.blocklist.find_unapplied(5)) == entries[1:]

    async def test_images_without_stored_hash_are_found(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        old = [await harness.add_image(ada) for _ in range(3)]
        await add_hashed(harness, ada, pdq=PDQ)
        await add_hashed(harness, ada, pdq=None)
        unhashed = [(image.id, image.renditions[Size.MEDIUM].key) for image in old]
        async with harness.storage.begin() as uow:
            assert list(await uow.blocklist.find_unhashed(None, 2)) == unhashed[:2]
            assert list(await uow.blocklist.find_unhashed(old[1].id, 2)) == unhashed[2:]
            await uow.blocklist.save_pdq(old[0].id, PDQ)
            assert list(await uow.blocklist.find_unhashed(None, 5)) == unhashed[1:]

    async def test_hashes_of_image_are_stored(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        hashed = await add_hashed(harness, ada, fingerprint=2**64 - 1, pdq=PDQ)
        bare = await add_hashed(harness, ada)
        old = await harness.add_image(ada)
        async with harness.storage.begin() as uow:
            assert await uow.blocklist.hashes_of(hashed.id) == ImageHashes(
                (hashed.original,), 2**64 - 1, pdq_orientations(PDQ)
            )
            assert await uow.blocklist.hashes_of(bare.id) == ImageHashes((bare.original,), None, ())
            assert await uow.blocklist.hashes_of(old.id) == ImageHashes((old.original,), old.fingerprint, None)
            assert await uow.blocklist.hashes_of(ImageId(harness.new_id())) is None


async def quarantine(harness: StorageHarness, image_id: ImageId, owner: User) -> Decision:
    return await decide(harness, Target(TargetKind.IMAGE, image_id), owner, Effect.QUARANTINE)


class QuarantineContract:
    async def test_no_address_serves_image_and_its_post_is_hidden(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        mia = await harness.add_user("mia", role=Role.MODERATOR)
        await harness.follow(bob, ada)
        shown, held = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, shown, held, text="#owl")
        viewers = (None, bob.id, ada.id, mia.id)

        await quarantine(harness, held.id, ada)

        reader, listed = harness.storage.image_reader, Listed(harness, post)
        for size in Size:
            assert [await reader.file(held.id, size, who) for who in viewers] == [None] * 4
        assert [await reader.by_id(held.id, who) is not None for who in viewers] == [False, False, True, True]
        assert [await reader.by_id(shown.id, who) is not None for who in viewers] == [False, False, True, True]
        assert [await listed.by_id(who) for who in viewers] == [False, False, True, True]
        for who in viewers:
            assert await listed.in_discovery(who) == [False] * 6
        assert not await listed.at_home(bob.id)
        view = await harness.storage.post_reader.by_id(post.id, ada.id)
        assert view is not None
        assert view.hidden
        assert [image.quarantined for image in view.images] == [False, True]

    async def test_release_shows_image_and_post(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="#owl")
        target = Target(TargetKind.IMAGE, post.image_ids[0])
        await quarantine(harness, post.image_ids[0], ada)

        released = await decide(harness, target, ada, Effect.NONE)

        assert await Listed(harness, post).in_discovery(None) == [True] * 6
        assert await harness.storage.image_reader.file(post.image_ids[0], Size.LARGE, None) is not None
        async with harness.storage.begin() as uow:
            assert await uow.decisions.released_at(target) == released.created_at
            assert await uow.decisions.released_at(Target(TargetKind.POST, post.id)) is None

    async def test_other_decision_keeps_post_of_quarantined_image_hidden(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="#owl")
        await quarantine(harness, post.image_ids[0], ada)

        await decide(harness, Target(TargetKind.POST, post.id), ada, Effect.NONE)
        await decide(harness, Target(TargetKind.USER, ada.id), ada, Effect.LIMIT)

        assert not await Listed(harness, post).by_id(None)
        assert await harness.storage.image_reader.file(post.image_ids[0], Size.THUMB, ada.id) is None

    async def test_deletion_of_image_shows_rest_of_post(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        shown, held = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, shown, held, text="#owl")
        await quarantine(harness, held.id, ada)

        async with harness.storage.begin() as uow:
            await uow.images.delete_from_post(held.id)
            await uow.commit()

        assert await Listed(harness, post).in_discovery(None) == [True] * 6

    async def test_post_of_quarantined_upload_is_hidden(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        await quarantine(harness, image.id, ada)

        post = await harness.add_post(ada, image, text="#owl")

        assert await Listed(harness, post).in_discovery(ada.id) == [False] * 6
        assert not await Listed(harness, post).by_id(None)

    async def test_avatar_is_not_shown(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        async with harness.storage.begin() as uow:
            user = await uow.users.get(ada.id)
            assert user is not None
            await uow.users.save(replace(user, avatar_image_id=image.id))
            await uow.commit()
        await quarantine(harness, image.id, ada)

        profile = await harness.storage.user_reader.by_username("ada", None)

        assert profile is not None
        assert profile.avatar is None
        assert await harness.storage.image_reader.file(image.id, Size.THUMB, None) is None

    async def test_quarantined_upload_waits_for_moderator(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        await quarantine(harness, image.id, ada)

        async with harness.storage.begin() as uow:
            assert await uow.images.delete_unposted(harness.now() + timedelta(days=9), 10) == 0
            with pytest.raises(ImageQuarantined):
                await uow.images.delete(image.id)

    async def test_quarantined_image_outlives_its_post_but_not_its_owner(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        shown, held = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, shown, held)
        await quarantine(harness, held.id, ada)

        await harness.delete_post(post)

        reader = harness.storage.image_reader
        kept = await reader.by_id(held.id, ada.id)
        assert kept is not None
        assert (kept.post_id, kept.quarantined) == (None, True)
        assert await reader.by_id(shown.id, ada.id) is None
        async with harness.storage.begin() as uow:
            assert await uow.images.delete_unposted(harness.now() + timedelta(days=9), 10) == 0
        await decide(harness, Target(TargetKind.IMAGE, held.id), ada, Effect.NONE)
        assert await reader.file(held.id, Size.THUMB, ada.id) is not None

        await harness.add_post(ada, kept)
        await quarantine(harness, held.id, ada)
        await harness.delete_user(ada)
        async with harness.storage.begin() as uow:
            assert await uow.images.get(held.id) is None

    async def test_image_is_quarantined_while_its_screening_is_pending(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        pending = PendingScreening(image.id, harness.now())
        async with harness.storage.begin() as uow:
            await uow.screenings.add(pending)
            await uow.commit()
        post = await harness.add_post(ada, image, text="#owl")
        assert await Listed(harness, post).in_discovery(None) == [False] * 6
        assert await harness.storage.image_reader.file(image.id, Size.THUMB, ada.id) is None
        now = harness.now()
        async with harness.storage.begin() as uow:
            assert list(await uow.screenings.find_due(now, 5)) == [image.id]
            started = pending.start(now)
            await uow.screenings.save(started)
            assert await uow.screenings.get(image.id) == started
            assert list(await uow.screenings.find_due(now, 5)) == []
            assert await uow.decisions.claim(Target(TargetKind.IMAGE, image.id))
            await uow.screenings.delete(image.id)
            assert await uow.screenings.get(image.id) is None
            await uow.commit()
        assert await Listed(harness, post).in_discovery(None) == [True] * 6
        assert await harness.storage.image_reader.file(image.id, Size.THUMB, None) is not None
