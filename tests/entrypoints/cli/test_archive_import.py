"""`tintype import` of archives of several services."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest

from domain.ids import PostId
from domain.pages import PageRequest
from tests.account_archives import (
    FOLLOWERS,
    PUBLIC,
    Files,
    a_create,
    a_note,
    a_status,
    an_announce,
    an_attachment,
    instagram_files,
    instagram_media,
    mastodon_files,
    pixelfed_files,
    vernissage_files,
    write_folder,
    write_tar,
    write_zip,
)
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import RunResult, Tintype
from tests.sample_images import a_webp

T = TypeVar("T")


@pytest.fixture
def ada(tintype: Tintype) -> Tintype:
    tintype.sign_up("ada")
    return tintype


def posts_of(tintype: Tintype) -> list[dict[str, Any]]:
    """The posts of ada, newest first."""
    ran = tintype("feed", "--as", "ada", "--json", "--limit", 1000)
    assert ran.code == 0, ran.err
    return ran.lines


def report_of(archive: Path) -> dict[str, str]:
    """The reasons in the report, by entry."""
    lines = archive.with_name(f"{archive.name}.report.jsonl").read_text().splitlines()
    return {line["entry"]: "; ".join(line["reasons"]) for line in map(json.loads, lines)}


async def as_coroutine(awaitable: Awaitable[T]) -> T:
    return await awaitable


def do_import(tintype: Tintype, archive: Path, *options: str) -> RunResult:
    ran = tintype("import", archive, "--as", "ada", *options)
    assert ran.code == 0, ran.err
    return ran


class TestMastodon:
    def test_posts_keep_dates_order_texts_and_alt_texts(self, ada: Tintype, tmp_path: Path) -> None:
        notes = [
            a_note(2, day=2, content="<p>One<br />line</p><p><a href='https://a.example'>#dog</a> &lt;3</p>"),
            a_note(1, day=1, attachment=[an_attachment(1, "a grey cat"), an_attachment(7)]),
            a_note(3, day=3, sensitive=True, summary="heights"),
        ]
        archive = write_zip(tmp_path / "a.zip", mastodon_files(*map(a_create, notes)))

        ran = do_import(ada, archive)

        posts = posts_of(ada)
        assert [post["created_at"] for post in posts] == [f"2020-01-0{day}T10:00:00Z" for day in (3, 2, 1)]
        assert [post["text"] for post in posts] == ["note 3", "One\nline\n\n#dog <3", "note 1"]
        assert [(post["sensitive"], post["warning"]) for post in posts] == [
            (True, "heights"),
            (False, None),
            (False, None),
        ]
        assert [image["alt_text"] for image in posts[2]["images"]] == [
            {"text": "a grey cat", "source": "human", "model": None},
            None,
        ]
        assert "3 posts imported" in ran.out

    def test_entries_of_one_second_keep_their_order(self, ada: Tintype, tmp_path: Path) -> None:
        numbers = list(range(1, 12))
        archive = write_zip(tmp_path / "a.zip", mastodon_files(*(a_create(a_note(number)) for number in numbers)))

        do_import(ada, archive)

        assert [post["text"] for post in posts_of(ada)] == [f"note {number}" for number in reversed(numbers)]

    def test_what_is_no_own_public_post_is_skipped_with_its_reason(self, ada: Tintype, tmp_path: Path) -> None:
        notes = [
            a_note(1, to=["https://elsewhere.example/users/bob"], cc=[]),
            a_note(2, inReplyTo="https://elsewhere.example/statuses/1"),
            a_note(3, attachment=[]),
            a_note(4, attachment=[an_attachment(4, media_type="video/mp4")]),
            a_note(5, published="not a date"),
            a_note(6, published="2999-01-01T00:00:00Z"),
            a_note(7, type="Question"),
        ]
        activities = [*map(a_create, notes), an_announce(8)]
        archive = write_zip(tmp_path / "a.zip", mastodon_files(*activities))

        ran = do_import(ada, archive)

        reasons = report_of(archive)
        by_number = [reasons[note["id"]] for note in notes]
        assert posts_of(ada) == []
        assert [
            word in reason
            for word, reason in zip(
                ("direct message", "reply", "no image", "video", "valid date", "future", "Question"),
                by_number,
                strict=True,
            )
        ] == [True] * 7
        assert "boost" in reasons[activities[-1]["id"]]
        assert "other servers" in reasons["likes.json"]
        assert "0 posts imported" in ran.out

    def test_visibility_is_never_wider_than_it_was(self, ada: Tintype, tmp_path: Path) -> None:
        notes = [
            a_note(1, day=1, to=[PUBLIC], cc=[FOLLOWERS]),
            a_note(2, day=2, to=[FOLLOWERS], cc=[PUBLIC]),
            a_note(3, day=3, to=[FOLLOWERS], cc=[]),
        ]
        do_import(ada, write_zip(tmp_path / "a.zip", mastodon_files(*map(a_create, notes))))

        assert [post["visibility"] for post in posts_of(ada)] == ["followers", "public", "public"]

    def test_profile_fills_only_what_is_empty(self, ada: Tintype, tmp_path: Path) -> None:
        files = mastodon_files(a_create(a_note(1)), manuallyApprovesFollowers=True)
        do_import(ada, write_zip(tmp_path / "a.zip", files))
        first = ada("user", "show", "ada", "--json").lines[0]
        other = mastodon_files(a_create(a_note(2)), name="Somebody", summary="else")
        do_import(ada, write_zip(tmp_path / "b.zip", other))

        assert (first["display_name"], first["bio"]) == ("Ada L.", "Photographs & engines")
        assert first["avatar"] is not None
        again = ada("user", "show", "ada", "--json").lines[0]
        assert again["display_name"] == "Ada L."
        assert again["avatar"] == first["avatar"]

    @pytest.mark.parametrize("write", [write_tar, write_folder], ids=["tar", "folder"])
    def test_other_containers_are_read_too(
        self, ada: Tintype, tmp_path: Path, write: Callable[[Path, Files], Path]
    ) -> None:
        do_import(ada, write(tmp_path / "a", mastodon_files(a_create(a_note(1)))))

        assert [post["text"] for post in posts_of(ada)] == ["note 1"]

    def test_archive_in_a_folder_of_the_zip_is_found(self, ada: Tintype, tmp_path: Path) -> None:
        do_import(ada, write_zip(tmp_path / "a.zip", mastodon_files(a_create(a_note(1))), folder="archive-2020/"))

        assert len(posts_of(ada)) == 1


class TestRepetition:
    def test_repeated_import_changes_nothing(self, ada: Tintype, tmp_path: Path) -> None:
        notes = [a_note(number, day=number) for number in (1, 2)]
        archive = write_zip(tmp_path / "a.zip", mastodon_files(*map(a_create, notes)))
        do_import(ada, archive)
        first = posts_of(ada)

        again = do_import(ada, archive)

        assert posts_of(ada) == first
        assert "0 posts imported, 2 already imported" in again.out

    def test_later_archive_adds_new_posts(self, ada: Tintype, tmp_path: Path) -> None:
        notes = [a_note(number, day=number) for number in (1, 2, 3)]
        do_import(ada, write_zip(tmp_path / "a.zip", mastodon_files(*map(a_create, notes[:2]))))

        ran = do_import(ada, write_zip(tmp_path / "b.zip", mastodon_files(*map(a_create, notes))))

        assert "1 post imported, 2 already imported" in ran.out
        assert [post["text"] for post in posts_of(ada)] == ["note 3", "note 2", "note 1"]

    def test_dry_run_stores_nothing_and_reports_the_same(self, ada: Tintype, tmp_path: Path) -> None:
        files = mastodon_files(*(a_create(a_note(number, day=number)) for number in (1, 2)), an_announce(3))
        files["media_attachments/files/110/001/original/0001.jpg"] = b"not an image"
        archive = write_zip(tmp_path / "a.zip", files)

        dry = do_import(ada, archive, "--dry-run")
        planned = report_of(archive)
        after = ada("user", "show", "ada", "--json").lines[0]
        assert posts_of(ada) == []
        assert (after["avatar"], after["bio"], after["posts_count"]) == (None, "", 0)
        do_import(ada, archive)

        assert report_of(archive) == planned
        assert "1 post would be imported" in dry.out
        assert len(posts_of(ada)) == 1

    def test_long_text_continues_in_comments(self, tmp_path: Path) -> None:
        tintype = Tintype(memory_container(config={"max_text": 100}))
        tintype.sign_up("ada")
        words = " ".join(f"word{number}" for number in range(400))
        archive = write_zip(tmp_path / "a.zip", mastodon_files(a_create(a_note(1, content=f"<p>{words}</p>"))))
        do_import(tintype, archive)
        do_import(tintype, archive)

        (post,) = posts_of(tintype)
        comments = tintype.container.commenting().of_post(PostId(UUID(post["id"])), None, PageRequest(100))
        texts = [view.comment.text for view in asyncio.run(as_coroutine(comments)).items]
        assert len(post["text"]) <= 100
        assert " ".join([post["text"], *texts]) == words

    def test_too_many_images_become_several_posts(self, tmp_path: Path) -> None:
        tintype = Tintype(memory_container(config={"max_images_per_post": 3}))
        tintype.sign_up("ada")
        note = a_note(1, attachment=[an_attachment(number, f"alt {number}") for number in range(1, 8)])
        do_import(tintype, write_zip(tmp_path / "a.zip", mastodon_files(a_create(note))))

        posts = list(reversed(posts_of(tintype)))
        assert [[image["alt_text"]["text"] for image in post["images"]] for post in posts] == [
            ["alt 1", "alt 2", "alt 3"],
            ["alt 4", "alt 5", "alt 6"],
            ["alt 7"],
        ]
        assert [post["text"] for post in posts] == ["note 1", "", ""]


def test_vernissage_archive(ada: Tintype, tmp_path: Path) -> None:
    ran = do_import(ada, write_zip(tmp_path / "v.zip", vernissage_files()))

    posts = posts_of(ada)
    assert "archive of Vernissage" in ran.out
    assert [post["text"] for post in posts] == ["vernissage 2", "vernissage 1"]
    assert [post["visibility"] for post in posts] == ["followers", "public"]
    assert [post["warning"] for post in posts] == ["height", None]
    assert [post["images"][0]["alt_text"]["text"] for post in posts] == ["alt 2", "alt 1"]
    assert ada("user", "show", "ada", "--json").lines[0]["avatar"] is not None


def test_pixelfed_archive_with_files_beside_it(ada: Tintype, tmp_path: Path) -> None:
    statuses = [
        a_status(1),
        a_status(2, visibility="private", spoiler_text="spiders", sensitive=True),
        a_status(3, visibility="direct"),
        a_status(4, in_reply_to_id="9", pf_type="reply"),
        a_status(5, visibility="archived"),
        a_status(6),
    ]
    files = pixelfed_files(*statuses)
    del files["photos/p6.jpg"]
    archive = write_folder(tmp_path / "pixelfed", files)

    do_import(ada, archive)

    posts, reasons = posts_of(ada), report_of(archive)
    assert [post["text"] for post in posts] == ["pixelfed 2 & more", "pixelfed 1 & more"]
    assert [(post["visibility"], post["warning"]) for post in posts] == [("followers", "spiders"), ("public", None)]
    assert posts[1]["created_at"] == "2021-03-01T08:30:00Z"
    assert posts[1]["images"][0]["alt_text"] == {"text": "alt 1", "source": "human", "model": None}
    for number, word in ((3, "direct"), (4, "reply"), (5, "archived"), (6, "does not contain")):
        assert word in reasons[f"https://pixelfed.example/p/ada/{number}"]


class TestInstagram:
    def test_texts_are_repaired_and_order_is_kept(self, ada: Tintype, tmp_path: Path) -> None:
        posts: list[dict[str, Any]] = [
            {"media": [instagram_media(3, "zuletzt: Grüße 🐕")]},
            {
                "media": [instagram_media(2), instagram_media(1, extension="webp")],
                "title": "two",
                "creation_timestamp": 1_641_000_002,
            },
            {"media": [instagram_media(9, extension="mp4")], "title": "a film", "creation_timestamp": 1_640_000_000},
        ]
        files = instagram_files(posts)
        files["media/posts/202201/1_n.webp"] = a_webp()
        archive = write_zip(tmp_path / "i.zip", files)

        do_import(ada, archive)

        found = posts_of(ada)
        assert [post["text"] for post in found] == ["zuletzt: Grüße 🐕", "two"]
        assert [post["created_at"] for post in found] == ["2022-01-01T01:20:03Z", "2022-01-01T01:20:02Z"]
        assert [image["content_type"] for image in found[1]["images"]] == ["image/jpeg", "image/webp"]
        person = ada("user", "show", "ada", "--json").lines[0]
        assert (person["display_name"], person["bio"]) == ("Ada ✨", "Künstlerin")
        reasons = report_of(archive)
        assert "video" in reasons["entry 3 of your_instagram_activity/media/posts_1.json"]
        assert "disappear" in reasons["your_instagram_activity/media/stories.json"]

    def test_posts_of_one_second_keep_their_order(self, ada: Tintype, tmp_path: Path) -> None:
        posts = [
            {"media": [instagram_media(number)], "title": f"post {number}", "creation_timestamp": 1_641_000_000}
            for number in (4, 3, 2, 1)
        ]
        do_import(ada, write_zip(tmp_path / "i.zip", instagram_files(posts, "content")))

        assert [post["text"] for post in posts_of(ada)] == ["post 4", "post 3", "post 2", "post 1"]

    def test_texts_without_damage_stay(self, ada: Tintype, tmp_path: Path) -> None:
        post = {"media": [instagram_media(1)], "title": "already “right” ü", "creation_timestamp": 1_641_000_000}
        do_import(ada, write_zip(tmp_path / "i.zip", instagram_files([post])))

        assert posts_of(ada)[0]["text"] == "already “right” ü"
