"""Import of archives: ids and dates, rankings, notifications, interruptions, the blocklist; in memory and on
PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from adapters.memory.processor import MemoryImageProcessor
from container import Container
from domain.archives import ArchivedImage, ArchivedPost, ArchiveKind, UnusableEntry, human_alt_text
from domain.blobs import BlobKey
from domain.blocklist import HashKind, NewEntry
from domain.errors import Unavailable
from domain.ids import UserId, dated_id, id_place, id_time
from domain.image_processing import ImageProcessor, PreparedImage
from domain.limits import Limits
from domain.pages import PageRequest
from domain.post_views import PostView
from domain.posts import Visibility
from domain.rankings import Window
from domain.roles import Moderator, Role
from domain.services.archive_importing import Account, Outcome, PostResult
from domain.understanding import State, Task
from domain.users import ProfileChanges, SignUp
from domain.vision.pdq import Pdq
from tests.containers import container_for
from tests.doubles import StoppedClock
from tests.sample_images import a_jpeg

LONG_AGO = datetime(2019, 6, 1, 12, tzinfo=UTC)
PAGE = PageRequest(100)


@dataclass
class Importer:
    """A container with a clock, and an account that imports posts."""

    container: Container
    clock: StoppedClock
    owner: UserId
    kind: ArchiveKind = ArchiveKind.MASTODON
    failing: set[str] = field(default_factory=set)

    async def open_image(self, image: ArchivedImage) -> bytes:
        if image.file in self.failing:
            raise UnusableEntry("the archive does not contain the file")
        return a_jpeg(seed=int(image.file))

    async def run(self, *posts: ArchivedPost, dry_run: bool = False) -> list[PostResult]:
        account = Account(self.owner, self.kind, self.open_image, dry_run)
        return [await self.container.archive_importing().import_post(account, post) for post in posts]

    async def posts(self, viewer: UserId | None = None) -> list[PostView]:
        reader = self.container.post_reader()
        return list((await reader.of_author(self.owner, viewer or self.owner, PAGE)).items)

    async def sign_up(self, name: str) -> UserId:
        newcomer = SignUp(name, f"{name}@example.org", "correct horse")
        return (await self.container.accounts().sign_up(newcomer)).user.id

    async def publish(self, author: UserId, seed: int) -> PostView:
        image = await self.container.uploading().upload(author, a_jpeg(seed=seed))
        return await self.container.posting().publish(author, "new", (image.id,))


def archived(number: int, *images: int, at: datetime | None = None, **fields: object) -> ArchivedPost:
    files = images or (number,)
    given = {"text": f"post {number}", "visibility": Visibility.PUBLIC, **fields}
    found = tuple(ArchivedImage(f"{number}/{file}", str(file), human_alt_text("an alt text")) for file in files)
    return ArchivedPost(str(number), at or LONG_AGO + timedelta(days=number), found, **given)  # type: ignore[arg-type]


@pytest.fixture
async def importer(either_store: str | None) -> AsyncIterator[Importer]:
    clock = StoppedClock()
    async with container_for(either_store, clock=clock) as container:
        owner = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        yield Importer(container, clock, owner.user.id)


def test_dated_ids_are_uuids_of_that_time() -> None:
    moment = datetime(2020, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    first, second = dated_id("a", moment, 1), dated_id("b", moment, 2)

    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert (id_time(first), id_place(first)) == (moment, 1)
    assert first < second < dated_id("a", moment + timedelta(milliseconds=1))
    assert first == dated_id("a", moment, 1)
    assert first != dated_id("b", moment, 1)


async def test_posts_keep_date_and_place_among_others(importer: Importer) -> None:
    new = await importer.publish(importer.owner, 1)

    results = await importer.run(*(archived(number) for number in (3, 1, 2)))

    posts = await importer.posts()
    assert [result.outcome for result in results] == [Outcome.IMPORTED] * 3
    assert [post.post.text for post in posts] == ["new", "post 3", "post 2", "post 1"]
    assert posts[0].post.id == new.post.id
    assert [post.post.created_at for post in posts[1:]] == [LONG_AGO + timedelta(days=day) for day in (3, 2, 1)]
    assert [post.images[0].created_at for post in posts[1:]] == [post.post.created_at for post in posts[1:]]
    assert list(await importer.container.storage().counters.verify()) == []


async def test_imported_posts_stay_where_their_date_puts_them(importer: Importer) -> None:
    """Neither the newest posts, nor the feeds of followers, nor rankings are flooded."""
    bob = await importer.sign_up("bob")
    await importer.container.following().follow(bob, "ada")
    own = await importer.publish(bob, 900)
    await importer.container.liking().like(own.post.id, importer.owner)

    await importer.run(*(archived(number) for number in range(1, 6)))

    container, now = importer.container, importer.clock.now()
    newest = await container.post_reader().newest(None, PAGE)
    home = await container.post_reader().home(bob, PAGE)
    trending = await container.ranking().trending(None, PAGE)
    liked = await container.storage().ranking_reader.most_liked(None, Window.YEAR, now, PAGE)
    assert newest.items[0].post.id == home.items[0].post.id == own.post.id
    assert [post.post.text for post in home.items[1:]] == [f"post {number}" for number in (5, 4, 3, 2, 1)]
    assert trending.items[0].view.post.id == own.post.id
    assert trending.items[1].score < -1_000
    assert [position.view.post.id for position in liked.items] == [own.post.id]


async def test_nobody_is_notified_of_imported_posts(importer: Importer) -> None:
    bob = await importer.sign_up("bob")
    await importer.container.following().follow(bob, "ada")
    before = (await importer.container.storage().notification_reader.of_user(importer.owner, PAGE)).items

    await importer.run(*(archived(number, text="long " * 1_000) for number in (1, 2)))

    reader = importer.container.storage().notification_reader
    assert (await reader.of_user(bob, PAGE)).items == ()
    assert (await reader.of_user(importer.owner, PAGE)).items == before


async def test_repeated_import_finds_everything(importer: Importer) -> None:
    await importer.run(archived(1, 1, 2), archived(2))
    first = await importer.posts()

    again = await importer.run(archived(1, 1, 2), archived(2))

    assert [result.outcome for result in again] == [Outcome.EXISTING] * 2
    assert await importer.posts() == first


async def test_interrupted_import_is_completed_without_second_uploads(either_store: str | None) -> None:
    processor = FailingProcessor(MemoryImageProcessor(Limits()), at=2)
    async with container_for(either_store, clock=StoppedClock(), processor=processor) as container:
        owner = (await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))).user.id
        importer = Importer(container, StoppedClock(), owner)
        with pytest.raises(Unavailable):
            await importer.run(archived(1, 1, 2, 3))
        assert await importer.posts() == []

        await importer.run(archived(1, 1, 2, 3))

        (post,) = await importer.posts()
        uploads = (await container.uploading().of_owner(owner, PAGE)).items
        assert len(post.images) == 3
        assert {image.id for image in uploads} == {image.id for image in post.images}


async def test_missing_images_are_left_out_and_named(importer: Importer) -> None:
    importer.failing = {"2", "5"}

    part, none = await importer.run(archived(1, 1, 2, 3), archived(2, 5))

    (post,) = await importer.posts()
    assert len(post.images) == 2
    assert part == PostResult(Outcome.IMPORTED, ("2: the archive does not contain the file",))
    assert none.outcome is Outcome.SKIPPED
    assert none.remarks[0] == "5: the archive does not contain the file"


async def test_dry_run_changes_nothing(importer: Importer) -> None:
    (result,) = await importer.run(archived(1, text="long " * 1_000), dry_run=True)

    assert result.outcome is Outcome.IMPORTED
    assert await importer.posts() == []
    assert (await importer.container.uploading().of_owner(importer.owner, PAGE)).items == ()
    assert [key async for key in importer.container.blobs().keys()] == []


async def test_known_images_are_quarantined_as_in_uploads(importer: Importer) -> None:
    boss = Moderator(await importer.sign_up("boss"), "boss", Role.ADMIN)
    entry = NewEntry(HashKind.SHA256, BlobKey.of(a_jpeg(seed=1)).value, "known", "")
    await importer.container.blocklisting().add(boss, (entry,))

    await importer.run(archived(1), archived(2))

    bob = await importer.sign_up("bob")
    assert [post.post.text for post in await importer.posts(bob)] == ["post 2"]
    assert [post.images[0].quarantined for post in await importer.posts()] == [False, True]


async def test_posts_of_private_account_stay_private(importer: Importer) -> None:
    await importer.container.accounts().edit_profile(importer.owner, ProfileChanges(private=True))

    await importer.run(archived(1))

    assert await importer.posts(await importer.sign_up("bob")) == []


async def test_unstated_visibility_is_that_of_the_account(importer: Importer) -> None:
    changes = ProfileChanges(default_visibility=Visibility.FOLLOWERS)
    await importer.container.accounts().edit_profile(importer.owner, changes)

    await importer.run(archived(1, visibility=None), archived(2))

    assert [post.post.visibility for post in await importer.posts()] == [Visibility.PUBLIC, Visibility.FOLLOWERS]


async def test_described_images_cost_no_caption_and_are_classified_in_turn(importer: Importer) -> None:
    await importer.run(archived(1))

    (post,) = await importer.posts()
    rows = post.images[0].understanding
    assert rows[Task.CAPTION].state is State.SKIPPED
    assert rows[Task.CLASSIFICATION].next_attempt_at == importer.clock.now()


async def test_sweep_keeps_imported_images(importer: Importer) -> None:
    await importer.run(archived(1))
    importer.clock.advance(timedelta(days=30))

    assert await importer.container.sweeping().delete_unposted() == 0
    assert len(await importer.posts()) == 1


class FailingProcessor(ImageProcessor):
    """Is busy at the image with the number `at`, once."""

    def __init__(self, processor: ImageProcessor, at: int) -> None:
        self._processor = processor
        self._left = at

    async def prepare(self, data: bytes) -> PreparedImage:
        self._left -= 1
        if self._left == 0:
            raise Unavailable("the machine is busy")
        return await self._processor.prepare(data)

    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        return await self._processor.pdq_hashes(rendition)
