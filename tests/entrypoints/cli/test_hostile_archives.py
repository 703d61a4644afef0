"""Archives that are damaged, or made to harm."""

import json
import os
import stat
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest

from tests.account_archives import (
    Files,
    a_create,
    a_note,
    an_attachment,
    encode,
    mastodon_files,
    media_path,
    write_folder,
    write_tar,
    write_zip,
)
from tests.archives import a_link
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.entrypoints.cli.test_archive_import import do_import, posts_of, report_of
from tests.sample_images import a_jpeg


@pytest.fixture
def ada(tintype: Tintype) -> Tintype:
    tintype.sign_up("ada")
    return tintype


def two_posts() -> Files:
    return mastodon_files(*(a_create(a_note(number, day=number)) for number in (1, 2)))


def pointing_to(url: str) -> Files:
    """An archive with a good post, and one whose image is at `url`."""
    bad = a_note(2, day=2, attachment=[an_attachment(2) | {"url": url}])
    files = mastodon_files(a_create(a_note(1)))
    outbox = json.loads(files["outbox.json"])
    outbox["orderedItems"].append(a_create(bad))
    return files | {"outbox.json": encode(outbox)}


@pytest.mark.parametrize(
    "url", ["../secret.jpg", "/etc/passwd", "file:///etc/hostname", "", "..", "media_attachments/%2e%2e/secret.jpg"]
)
def test_entries_do_not_read_files_outside(ada: Tintype, tmp_path: Path, url: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(a_jpeg(seed=77))
    folder = write_folder(tmp_path / "in" / "a", pointing_to(url))
    (folder.parent / "secret.jpg").write_bytes(a_jpeg(seed=78))

    do_import(ada, folder)

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]


def test_links_of_folders_are_not_followed(ada: Tintype, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(a_jpeg(seed=77))
    folder = write_folder(tmp_path / "a", two_posts())
    image = folder / media_path(2)
    image.unlink()
    image.symlink_to(secret)

    do_import(ada, folder)

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]
    assert "a link" in report_of(folder)[media_path(2)]


def test_links_of_zip_files_are_left_out(ada: Tintype, tmp_path: Path) -> None:
    files = two_posts()
    del files[media_path(2)]
    archive = write_zip(tmp_path / "a.zip", files)
    link = zipfile.ZipInfo(media_path(2))
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as out:
        out.writestr(link, "../../../etc/passwd")

    do_import(ada, archive)

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]
    assert "a link" in report_of(archive)[media_path(2)]


def test_links_and_devices_of_tar_files_are_left_out(ada: Tintype, tmp_path: Path) -> None:
    files = two_posts()
    del files[media_path(2)]
    archive = write_tar(
        tmp_path / "a.tar.gz", files, a_link(media_path(2), "/etc/passwd"), a_link("zero", "", tarfile.CHRTYPE)
    )

    do_import(ada, archive)

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]
    assert {"zero", media_path(2)} <= report_of(archive).keys()


def test_unsafe_and_repeated_names_are_reported(ada: Tintype, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", two_posts())
    with warnings.catch_warnings(), zipfile.ZipFile(archive, "a") as out:
        warnings.simplefilter("ignore")  # zipfile warns about the repeated name
        out.writestr("../up.jpg", b"")
        out.writestr("/absolute.jpg", b"")
        out.writestr(media_path(2), a_jpeg(seed=5))

    do_import(ada, archive)

    reasons = report_of(archive)
    assert "leads out" in reasons["../up.jpg"]
    assert "absolute" in reasons["/absolute.jpg"]
    assert "more than once" in reasons[media_path(2)]
    assert [post["text"] for post in posts_of(ada)] == ["note 1"]


def test_image_that_grows_above_the_limit_is_not_read(tmp_path: Path) -> None:
    tintype = Tintype(memory_container(config={"max_upload_bytes": 100_000}))
    tintype.sign_up("ada")
    files = two_posts() | {media_path(2): a_jpeg() + bytes(50_000_000)}
    archive = write_zip(tmp_path / "bomb.zip", files)
    assert archive.stat().st_size < 100_000

    do_import(tintype, archive)

    assert [post["text"] for post in posts_of(tintype)] == ["note 1"]
    assert "100,000 bytes" in next(reason for entry, reason in report_of(archive).items() if entry.endswith("/2"))


def test_tar_that_grows_without_bounds_is_refused(ada: Tintype, tmp_path: Path) -> None:
    archive = write_tar(tmp_path / "a.tar.gz", two_posts() | {"zeros": bytes(80_000_000)})

    ran = ada("import", archive, "--as", "ada")

    assert ran.code == 4
    assert "50 times larger" in ran.err


def test_damaged_image_is_left_out(ada: Tintype, tmp_path: Path) -> None:
    files = two_posts()
    archive = write_zip(tmp_path / "a.zip", files)
    with zipfile.ZipFile(archive) as source:
        place = source.getinfo(media_path(2))
    content = bytearray(archive.read_bytes())
    start = place.header_offset + 30 + len(place.filename) + 40
    content[start : start + 20] = os.urandom(20)
    archive.write_bytes(content)

    do_import(ada, archive)

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]
    assert "cannot be read from the archive" in next(
        reason for entry, reason in report_of(archive).items() if entry.endswith("/2")
    )


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "neither"),
        (b"just text", "neither"),
        (b"PK\x03\x04" + bytes(100), "neither"),
        (b"\x1f\x8b" + bytes(100), "cannot be read"),
    ],
    ids=["empty", "text", "zip", "gzip"],
)
def test_files_that_are_no_archives_are_refused(ada: Tintype, tmp_path: Path, content: bytes, word: str) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(content)

    ran = ada("import", archive, "--as", "ada")

    assert ran.code == 4
    assert word in ran.err


def test_truncated_archive_is_refused(ada: Tintype, tmp_path: Path) -> None:
    archive = write_tar(tmp_path / "a.tar.gz", two_posts())
    archive.write_bytes(archive.read_bytes()[:-500])

    assert ada("import", archive, "--as", "ada").code == 4
    assert posts_of(ada) == []


def test_archive_of_another_service_is_refused(ada: Tintype, tmp_path: Path) -> None:
    ran = ada("import", write_zip(tmp_path / "a.zip", {"notes.txt": b"hello"}), "--as", "ada")

    assert ran.code == 4
    assert "no archive of Tintype, Mastodon" in ran.err


@pytest.mark.parametrize(
    "outbox",
    [
        b'{"orderedItems": [{"type": "Cre',
        b'{"orderedItems": ["' + b"x" * (20 << 20) + b'"]}',
        b'{"orderedItems": ' + b"[" * 200_000,
        b"\xff\xfe\x00",
    ],
    ids=["cut", "huge", "deep", "binary"],
)
def test_unusable_json_is_refused(ada: Tintype, tmp_path: Path, outbox: bytes) -> None:
    ran = ada("import", write_zip(tmp_path / "a.zip", two_posts() | {"outbox.json": outbox}), "--as", "ada")

    assert ran.code == 4
    assert "JSON" in ran.err
    assert posts_of(ada) == []


@pytest.mark.parametrize(
    "entry",
    [
        None,
        1,
        [],
        "text",
        {"type": "Create", "object": []},
        {"type": 3, "object": {}},
        a_create(a_note(5)) | {"object": {"type": "Note", "to": 3, "published": 5, "attachment": "x"}},
        a_create(a_note(5, content=["a"], attachment=[None, 3, {"url": 4, "mediaType": []}], cc={"a": 1})),
        a_create(a_note(5, published="0001-01-01T00:00:00+23:59")),
        a_create(a_note(5, published="1950-01-01T00:00:00Z")),
        a_create(a_note(5, content="\x00\ud800", summary="\x00", id="\x00")),
    ],
)
def test_entries_of_wrong_types_are_skipped(ada: Tintype, tmp_path: Path, entry: object) -> None:
    outbox = {"orderedItems": [entry, a_create(a_note(1))]}
    files = mastodon_files(a_create(a_note(1))) | {"outbox.json": json.dumps(outbox).encode()}
    do_import(ada, write_zip(tmp_path / "a.zip", files))

    assert [post["text"] for post in posts_of(ada)] == ["note 1"]


def test_long_texts_are_cut_and_unstorable_characters_removed(ada: Tintype, tmp_path: Path) -> None:
    note = a_note(1, content="<p>a\x00b</p>", summary="w" * 500, attachment=[an_attachment(1, "c" * 5_000)])
    do_import(ada, write_zip(tmp_path / "a.zip", mastodon_files(a_create(note))))

    (post,) = posts_of(ada)
    assert post["text"] in {"ab", "a\ufffdb"}
    assert len(post["warning"]) == 200
    assert len(post["images"][0]["alt_text"]["text"]) == 1500


def test_report_that_cannot_be_written_stops_before_the_import(ada: Tintype, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", two_posts())

    ran = ada("import", archive, "--as", "ada", "--report", tmp_path / "none" / "report")

    assert ran.code == 4
    assert "--report" in ran.err
    assert posts_of(ada) == []


def test_interrupted_report_is_replaced(ada: Tintype, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", two_posts())
    report = tmp_path / "r"
    do_import(ada, archive, "--report", str(report))
    do_import(ada, archive, "--report", str(report))

    assert [json.loads(line)["entry"] for line in report.read_text().splitlines()] == ["likes.json"]
