"""`tintype user export`, and the import of its archive into an empty installation."""

import asyncio
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from container import Container
from domain.blobs import BlobKey
from domain.blocklist import HashKind, NewEntry
from domain.consent import CaptionChoice
from domain.ids import UserId
from domain.images import Image
from domain.pages import PageRequest
from domain.posts import PostChanges, SensitiveMedia, Visibility
from domain.roles import Moderator, Role
from domain.services.exporting import Exporting
from domain.users import ProfileChanges
from domain.vision import Verdict
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.entrypoints.cli.conftest import Tintype
from tests.entrypoints.cli.test_archive_import import do_import, posts_of, report_of
from tests.sample_images import a_jpeg, a_webp

ALL = PageRequest(100)


def id_of(container: Container, name: str) -> UserId:
    async def find() -> UserId:
        return (await container.accounts().account(name)).user.id

    return asyncio.run(find())


async def fill(container: Container, ada: UserId, bob: UserId) -> None:
    """Posts, settings and relations of every kind."""
    posting, uploading = container.posting(), container.uploading()
    first = await uploading.upload(ada, a_jpeg(seed=1))
    second = await uploading.upload(ada, a_webp())
    pair = await posting.publish(ada, "two\n\nimages <b>#dog</b>", (second.id, first.id), Visibility.FOLLOWERS)
    await uploading.describe(first.id, ada, "a human text")
    spicy = await uploading.upload(ada, a_jpeg(seed=2))
    post = await posting.publish(ada, "mild", (spicy.id,), sensitive=True, warning="heat")
    await posting.change(post.post.id, ada, PostChanges(container.limits(), text="edited"))
    face = await uploading.upload(ada, a_jpeg(seed=3))
    changes = ProfileChanges("Ada L.", "Engines", face.id, False, True, True, Visibility.FOLLOWERS, SensitiveMedia.SHOW)
    await container.accounts().edit_profile(ada, changes)
    await container.consenting().decide(ada, CaptionChoice.NONE, followers_only=False)
    await container.commenting().comment(pair.post.id, ada, "my own comment")
    await container.liking().like(pair.post.id, ada)
    others = await uploading.upload(bob, a_jpeg(seed=4))
    theirs = await posting.publish(bob, "of bob", (others.id,))
    await container.liking().like(theirs.post.id, ada)
    await container.commenting().comment(theirs.post.id, ada, "for bob")
    await container.following().follow(ada, "bob")
    await container.following().follow(bob, "ada")
    await container.blocking().mute(ada, "bob")


async def judge(container: Container, ada: UserId) -> None:
    """Verdicts on labels, and an unanswered suggestion."""
    for view in (await container.post_reader().of_author(ada, ada, ALL)).items:
        for image in view.images:
            for label in image.labels[:1]:
                await container.label_feedback().judge(image.id, ada, label.key, Verdict.WRONG)


@pytest.fixture
def home(tintype: Tintype) -> Tintype:
    """An installation with the account ada, as it is after some use."""
    tintype.sign_up("ada", "bob")
    ada, bob = id_of(tintype.container, "ada"), id_of(tintype.container, "bob")
    asyncio.run(fill(tintype.container, ada, bob))
    tintype.understand()
    asyncio.run(judge(tintype.container, ada))
    return tintype


def export(tintype: Tintype, path: Path) -> Path:
    ran = tintype("user", "export", "ada", path)
    assert ran.code == 0, ran.err
    return path


async def describe_account(container: Container) -> dict[str, Any]:
    """Everything that ada sees of the account, without ids and without what depends on other accounts."""
    ada = (await container.accounts().account("ada")).user.id
    account = await container.exporting().account(ada)
    user, consent = account.profile.user, account.consent
    exporting: Exporting = container.exporting()
    posts = [view async for view in exporting.posts(ada)]
    numbers = {view.post.id: number for number, view in enumerate(posts)}
    comments = [
        (numbers[c.post_id], c.text, c.created_at) async for c in exporting.comments(ada) if c.post_id in numbers
    ]
    return {
        "profile": (user.display_name, user.bio, user.private, user.follow_approval),
        "settings": (user.default_visibility, user.sensitive_media, consent.captions),
        "avatar": describe_image(account.avatar) if account.avatar else None,
        "posts": [
            (
                view.post.text,
                view.post.created_at,
                view.post.edited_at,
                view.post.visibility,
                view.audience,
                view.post.sensitive,
                view.post.warning,
                view.liked,
                [describe_image(image) for image in view.images],
                [await container.blobs().get(image.original) for image in view.images],
            )
            for view in posts
        ],
        "comments": comments,
        "likes": [numbers[view.post.id] async for view in exporting.liked(ada) if view.post.id in numbers],
    }


async def describe_understood_account(container: Container) -> dict[str, Any]:
    """The account after the due jobs. A database is closed with the event loop that its connections belong to."""
    try:
        await container.storage().queue.drain(container.job_handler().handle)
        return await describe_account(container)
    finally:
        if container.config.store() == "postgres":
            await container.database().close()


def describe_image(image: Image) -> tuple[object, ...]:
    rows = {task: (row.state, row.model) for task, row in image.understanding.items()}
    return (
        image.original,
        image.width,
        image.height,
        image.content_type,
        image.placeholder,
        image.fingerprint,
        image.created_at,
        image.alt_text,
        image.suggestion,
        image.model_tags,
        image.labels,
        dict(image.renditions),
        rows,
    )


@pytest.fixture
def elsewhere(either_store: str | None) -> Iterator[Tintype]:
    """An empty installation."""
    if either_store is None:
        yield Tintype(memory_container())
        return
    asyncio.run(empty_database(either_store))
    yield Tintype(postgres_container(either_store))


def test_import_of_an_export_gives_the_same_account(home: Tintype, elsewhere: Tintype, tmp_path: Path) -> None:
    archive = export(home, tmp_path / "ada.zip")
    before = asyncio.run(describe_account(home.container))
    elsewhere.sign_up("ada")

    do_import(elsewhere, archive)

    after = asyncio.run(describe_understood_account(elsewhere.container))
    assert after == before
    assert len(before["posts"]) == 2
    assert before["comments"]
    reasons = report_of(archive)
    assert reasons["follow of bob"] == "the account is not on this server"
    assert [key for key in reasons if key.startswith("like of post")]


def test_labels_are_shown_before_this_server_has_classified(home: Tintype, tmp_path: Path) -> None:
    archive = export(home, tmp_path / "ada.zip")
    other = Tintype(memory_container())
    other.sign_up("ada")

    do_import(other, archive)

    before = [[image["labels"] for image in post["images"]] for post in posts_of_author(home)]
    after = [[image["labels"] for image in post["images"]] for post in posts_of_author(other)]
    assert after == before
    assert any(label["verdict"] == "wrong" for post in after for labels in post for label in labels)


def posts_of_author(tintype: Tintype) -> list[dict[str, Any]]:
    return [post for post in posts_of(tintype) if post["author"]["username"] == "ada"]


def test_relations_return_where_the_same_accounts_are(home: Tintype, tmp_path: Path) -> None:
    """An account is deleted, and its name is used again for its archive."""
    archive = export(home, tmp_path / "ada.zip")
    assert home("user", "delete", "ada", "--yes").code == 0
    home.sign_up("eve")

    ran = home("import", archive, "--as", "eve")
    again = home("import", archive, "--as", "eve")

    assert (ran.code, again.code) == (0, 0), ran.err
    assert "relations imported" in ran.out
    eve = home("user", "show", "eve", "--json").lines[0]
    assert eve["following_count"] == 1
    bobs = [post for post in home("feed", "--as", "bob", "--json").lines if post["author"]["username"] == "bob"]
    assert (bobs[0]["like_count"], bobs[0]["comment_count"]) == (1, 1)


def test_archive_is_readable_as_one_of_mastodon(home: Tintype, tmp_path: Path) -> None:
    archive, plain = export(home, tmp_path / "ada.zip"), tmp_path / "plain.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(plain, "w") as target:
        for name in source.namelist():
            if name != "tintype.json":
                target.writestr(name, source.read(name))
        outbox, actor = json.loads(source.read("outbox.json")), json.loads(source.read("actor.json"))
    other = Tintype(memory_container())
    other.sign_up("ada")

    ran = do_import(other, plain)

    assert "archive of Mastodon" in ran.out
    posts = posts_of(other)
    assert [post["text"] for post in posts] == ["edited", "two\n\nimages <b>#dog</b>"]
    assert [post["warning"] for post in posts] == ["heat", None]
    assert outbox["totalItems"] == len(outbox["orderedItems"]) == 2
    assert actor["preferredUsername"] == "ada"
    assert actor["manuallyApprovesFollowers"] is True


def test_archive_is_private_and_complete(home: Tintype, tmp_path: Path) -> None:
    archive = export(home, tmp_path / "ada.zip")

    with zipfile.ZipFile(archive) as source:
        assert source.testzip() is None
        everything = json.loads(source.read("tintype.json"))
        files = {name for name in source.namelist() if name.startswith("media_attachments/")}
        images = [image for post in everything["posts"] for image in post["images"]]
        for image in images:
            assert str(BlobKey.of(source.read(image["file"]))) == image["sha256"]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert {image["file"] for image in images} | {everything["account"]["avatar"]["file"]} == files
    assert (everything["format"], everything["version"]) == ("tintype-account", 1)
    assert everything["account"]["email"] == "ada@example.org"
    assert [comment["text"] for comment in everything["comments"]] == ["for bob", "my own comment"]
    assert [person["username"] for person in everything["followers"]] == []
    assert "password" not in json.dumps(everything)


def test_export_replaces_no_file(home: Tintype, tmp_path: Path) -> None:
    target = tmp_path / "ada.zip"
    target.write_bytes(b"precious")

    ran = home("user", "export", "ada", target)

    assert ran.code == 4
    assert target.read_bytes() == b"precious"
    assert home("user", "export", "nobody", tmp_path / "n.zip").code == 3
    assert home("user", "export", "ada", tmp_path / "none" / "n.zip").code == 4
    assert [path.name for path in tmp_path.iterdir() if path.suffix in {".zip", ".part"}] == ["ada.zip"]


def test_quarantined_images_are_left_out(home: Tintype, tmp_path: Path) -> None:
    container = home.container
    boss = Moderator(id_of(container, "bob"), "bob", Role.ADMIN)
    entry = NewEntry(HashKind.SHA256, BlobKey.of(a_jpeg(seed=2)).value, "known", "")

    async def add() -> None:
        await container.blocklisting().add(boss, (entry,))
        await container.image_screening().apply_blocklist()

    asyncio.run(add())
    ran = home("user", "export", "ada", tmp_path / "ada.zip", "--json")

    assert ran.lines[0]["missing"] == 1
    with zipfile.ZipFile(tmp_path / "ada.zip") as source:
        contents = [source.read(name) for name in source.namelist()]
    assert a_jpeg(seed=2) not in contents


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"version": 2}, 4, "version"),
        ({"format": "other"}, 4, "format"),
        ({"account": None, "posts": [None, {"id": 3}, {"id": "x"}]}, 0, ""),
        ({"posts": [{"id": "ffffffff-ffff-7fff-bfff-ffffffffffff", "created_at": "2026-01-01T00:00:00Z"}]}, 0, ""),
        ({"likes": [1, {"post_id": "x"}], "comments": [{}], "following": [{"id": None}]}, 0, ""),
    ],
)
def test_altered_archives_do_no_harm(
    home: Tintype, tmp_path: Path, change: dict[str, Any], code: int, word: str
) -> None:
    archive, altered = export(home, tmp_path / "ada.zip"), tmp_path / "altered.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "tintype.json":
                content = json.dumps(json.loads(content) | change).encode()
            target.writestr(name, content)
    other = Tintype(memory_container())
    other.sign_up("ada")

    ran = other("import", altered, "--as", "ada")

    assert ran.code == code, ran.err
    assert word in ran.err
    assert all(post["created_at"] < "2027" for post in posts_of(other))
