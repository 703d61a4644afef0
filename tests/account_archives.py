"""Archives of accounts in the forms of several services, made for tests."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.sample_images import a_jpeg

Files = dict[str, bytes]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https://photos.example/users/ada"
FOLLOWERS = f"{ACTOR}/followers"


def write_zip(path: Path, files: Mapping[str, bytes], *, folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}{name}", content)
    return path


def write_tar(path: Path, files: Mapping[str, bytes], *extra: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in extra:
            archive.addfile(member)
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return path


def encode(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# Mastodon


def media_path(number: int) -> str:
    return f"media_attachments/files/110/00{number}/original/{number:04}.jpg"


def an_attachment(number: int, alt_text: str | None = None, media_type: str = "image/jpeg") -> dict[str, Any]:
    return {
        "type": "Document",
        "mediaType": media_type,
        "url": f"/{media_path(number)}",
        "name": alt_text,
        "blurhash": "UBL_:rOpGG-o",
        "width": 64,
        "height": 48,
    }


def a_note(number: int, *, day: int = 1, **fields: Any) -> dict[str, Any]:
    """A public note with one image, which is published on that day of January 2020."""
    note = {
        "id": f"{ACTOR}/statuses/{number}",
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": f"2020-01-{day:02}T10:00:00Z",
        "url": f"https://photos.example/@ada/{number}",
        "attributedTo": ACTOR,
        "to": [PUBLIC],
        "cc": [FOLLOWERS],
        "sensitive": False,
        "content": f"<p>note {number}</p>",
        "attachment": [an_attachment(number)],
        "tag": [],
    }
    return note | fields


def a_create(note: dict[str, Any]) -> dict[str, Any]:
    shared = {name: note[name] for name in ("published", "to", "cc")}
    return {"id": f"{note['id']}/activity", "type": "Create", "actor": ACTOR, **shared, "object": note}


def an_announce(number: int) -> dict[str, Any]:
    address = f"{ACTOR}/statuses/{number}/activity"
    return {"id": address, "type": "Announce", "actor": ACTOR, "object": "https://elsewhere.example/statuses/9"}


def an_actor(**fields: Any) -> dict[str, Any]:
    actor = {
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            {"manuallyApprovesFollowers": "as:manuallyApprovesFollowers"},
        ],
        "id": ACTOR,
        "type": "Person",
        "preferredUsername": "ada",
        "name": "Ada L.",
        "summary": "<p>Photographs &amp; engines</p>",
        "manuallyApprovesFollowers": False,
        "icon": {"type": "Image", "mediaType": "image/jpeg", "url": "avatar.jpg"},
        "outbox": "outbox.json",
    }
    return actor | fields


def mastodon_files(*activities: dict[str, Any], **actor: Any) -> Files:
    """The files of an archive with an image for each attachment."""
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": len(activities),
        "orderedItems": list(activities),
    }
    files = {
        "actor.json": encode(an_actor(**actor)),
        "avatar.jpg": a_jpeg(seed=9_999),
        "outbox.json": encode(outbox),
        "likes.json": encode({"type": "OrderedCollection", "orderedItems": ["https://elsewhere.example/statuses/1"]}),
    }
    for activity in activities:
        if isinstance(activity["object"], dict):
            for attachment in activity["object"]["attachment"]:
                name = attachment["url"].lstrip("/")
                files[name] = a_jpeg(seed=int(name[-8:-4]))
    return files


# Vernissage


def vernissage_files() -> Files:
    base = "https://vernissage.example/storage"
    notes = [
        {
            "id": f"https://vernissage.example/@ada/{number}",
            "type": "Note",
            "published": f"2023-02-0{number}T10:00:00.120Z",
            "url": f"https://vernissage.example/@ada/{number}",
            "attributedTo": "https://vernissage.example/actors/ada",
            "to": PUBLIC if number == 1 else "https://vernissage.example/actors/ada/followers",
            "cc": ["https://vernissage.example/actors/ada/followers"],
            "sensitive": number == 2,
            "summary": "height" if number == 2 else None,
            "content": f"<p>vernissage {number}</p>",
            "attachment": [
                {"mediaType": "image/jpeg", "url": f"{base}/v{number}.jpg", "name": f"alt {number}", "width": 64}
            ],
        }
        for number in (1, 2)
    ]
    return {
        "actor.json": encode(an_actor(icon={"type": "Image", "url": f"{base}/face.jpg"})),
        "avatar.jpg": a_jpeg(seed=100),
        "outbox.json": encode(notes),
        "likes.json": encode([]),
        "media_attachments/v1.jpg": a_jpeg(seed=101),
        "media_attachments/v2.jpg": a_jpeg(seed=102),
    }


# Pixelfed


def a_status(number: int, **fields: Any) -> dict[str, Any]:
    media = {
        "id": str(number),
        "type": "image",
        "url": f"https://pixelfed.example/storage/m/_v2/1/abc/p{number}.jpg",
        "description": f"alt {number}",
        "mime": "image/jpeg",
    }
    status = {
        "id": str(number),
        "url": f"https://pixelfed.example/p/ada/{number}",
        "in_reply_to_id": "",
        "reblog": None,
        "content": f"pixelfed {number} &amp; more",
        "content_text": f"pixelfed {number} & more",
        "created_at": f"2021-03-0{number}T08:30:00.000Z",
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "pf_type": "photo",
        "media_attachments": [media],
    }
    return status | fields


def pixelfed_files(*statuses: dict[str, Any]) -> Files:
    numbers = [int(status["id"]) for status in statuses]
    images = {f"photos/p{number}.jpg": a_jpeg(seed=200 + number) for number in numbers}
    return {"pixelfed-statuses.json": encode(list(statuses)), **images}


# Instagram


def mangle(text: str) -> str:
    """The text as Instagram writes it: each byte of its UTF-8 as one character."""
    return text.encode().decode("latin-1")


def instagram_media(number: int, title: str = "", extension: str = "jpg") -> dict[str, Any]:
    return {
        "uri": f"media/posts/202201/{number}_n.{extension}",
        "creation_timestamp": 1_641_000_000 + number,
        "media_metadata": {"photo_metadata": {"exif_data": [{"source_type": "library"}]}},
        "title": mangle(title),
        "cross_post_source": {"source_app": "FB"},
    }


def instagram_files(posts: list[dict[str, Any]], folder: str = "your_instagram_activity/media") -> Files:
    media = [item for post in posts for item in post["media"]]
    person = {
        "profile_user": [
            {
                "string_map_data": {
                    "Name": {"value": mangle("Ada ✨")},
                    "Bio": {"value": mangle("Künstlerin")},
                    "Private Account": {"value": "False"},
                },
                "media_map_data": {},
            }
        ]
    }
    return {
        f"{folder}/posts_1.json": json.dumps(posts).encode(),
        f"{folder}/stories.json": encode({"ig_stories": []}),
        "personal_information/personal_information/personal_information.json": json.dumps(person).encode(),
        **{item["uri"]: a_jpeg(seed=300 + number) for number, item in enumerate(media)},
    }
