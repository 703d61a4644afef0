"""After the deletion of an account, no table, no file and no line of the log contains anything of it, except what
docs/operations.md states."""

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest
from httpx import AsyncClient

from adapters.memory.clock import MemoryClock
from adapters.memory.storage import MemoryStorage
from adapters.memory.tables import Tables
from container import Container
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.pages import PageRequest
from domain.roles import Role
from tests.containers import container_for
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.factors import add_codes, add_totp
from tests.entrypoints.rest.visitors import Visitor, new_visitor, ok

NAME = "zebulon"
EMAIL = f"{NAME}@example.com"
TEXTS = (
    "quuxpost",
    "quuxcomment",
    "quuxbio",
    "quuxname",
    "quuxalt",
    "quuxnote",
    "quuxdevice",
    "quuxreason",
    "quuxtoken",
)

KEPT = {
    "reserved_usernames": {"name"},
    "report_groups": {"id", "content"},
    "reports": {"text"},
    "decisions": {"id", "content"},
    "audit_log": {"id", "name", "content"},
    "caption_calls": {"id", "content", "blob"},
}
"""Tables that outlive an account, and what they contain of it: the table in docs/operations.md."""
KEPT_IN_MEMORY = {
    "reserved": KEPT["reserved_usernames"],
    "report_groups": KEPT["report_groups"],
    "reports": KEPT["report_groups"] | KEPT["reports"],
    "notifications": {"id"},  # the newest like of a group, as long as others are in it
    "decisions": KEPT["decisions"],
    "audit_log": KEPT["audit_log"],
    "calls": KEPT["caption_calls"],
}

Needles = dict[str, set[str]]


@pytest.fixture
async def container(either_store: str | None) -> AsyncIterator[Container]:
    async with container_for(either_store) as container:
        yield container


async def test_nothing_of_a_deleted_account_remains(
    container: Container, client: AsyncClient, either_store: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    zebulon, others = await fill(client, container)
    needles = await collect_needles(container, zebulon)
    before = await search(container, either_store, needles)
    assert_everything_is_filled(before, either_store)

    ok(await zebulon.call("DELETE", "/me"), 204)
    await let_worker_clean_up(container)

    after = await search(container, either_store, needles)
    kept = KEPT if either_store else KEPT_IN_MEMORY
    assert {table: kinds for table, kinds in after.items() if not kinds <= kept.get(table, set())} == {}
    stored = {str(key) async for key in container.blobs().keys()}
    assert stored & needles["blob"] == set()
    assert stored, "the files of others remain"
    for key in stored:
        data = await container.blobs().get(BlobKey(key))
        assert not any(text.encode() in data for text in TEXTS)
    assert_log_is_silent(caplog, needles)
    for other in others:
        assert (await other.read("/me"))["username"] == other.name
    assert list(await container.storage().counters.verify()) == []


async def test_name_is_forgotten_when_it_is_free_again(
    container: Container, client: AsyncClient, either_store: str | None
) -> None:
    zebulon = await new_visitor(client, NAME)
    ok(await zebulon.call("DELETE", "/me"), 204)
    await let_worker_clean_up(container)
    found = await search(container, either_store, {"name": {NAME}})
    assert set(found) == {"reserved_usernames" if either_store else "reserved"}

    advance(container, timedelta(days=31))
    await let_worker_clean_up(container)

    assert await search(container, either_store, {"name": {NAME}}) == {}


async def fill(client: AsyncClient, container: Container) -> tuple[Visitor, list[Visitor]]:
    """An account with rows of every kind, and the accounts of others."""
    bob, carl, mia = [await new_visitor(client, name) for name in ("bob", "carl", "mia")]
    await container.accounts().set_role("mia", Role.ADMIN)
    ok(await carl.call("PATCH", "/me", json={"private": True}))
    zebulon = await new_visitor(client, NAME)
    await fill_posts(zebulon, bob, container)
    await fill_relations(zebulon, bob, carl)
    await fill_account(zebulon, client, container)
    await fill_moderation(zebulon, bob, mia)
    return zebulon, [bob, carl, mia]


async def fill_posts(zebulon: Visitor, bob: Visitor, container: Container) -> None:
    post = await zebulon.post("quuxpost #quuxpost", seed=11)
    await zebulon.post("quuxpost twice", seed=11)
    await zebulon.upload(seed=12)
    await container.storage().queue.drain(container.job_handler().handle)
    image = (await zebulon.read(f"/posts/{post['id']}"))["images"][0]
    ok(await zebulon.call("PATCH", f"/images/{image['id']}", json={"alt_text": "quuxalt"}))
    for label in image["labels"][:1]:
        ok(await zebulon.call("PUT", f"/images/{image['id']}/labels/{label['key']}", json={"verdict": "wrong"}), 204)
    other = await bob.post("bob's", seed=13)
    await zebulon.like(other)
    await zebulon.comment(other, "quuxcomment")
    await bob.like(post)
    await bob.comment(post, "of bob")
    ok(await zebulon.call("DELETE", f"/posts/{post['id']}/like"))


async def fill_relations(zebulon: Visitor, bob: Visitor, carl: Visitor) -> None:
    await zebulon.follow(bob)
    await bob.follow(zebulon)
    await zebulon.follow(carl)
    for kind in ("block", "mute"):
        ok(await zebulon.call("PUT", f"/users/mia/{kind}"), 204)
    ok(await carl.call("PUT", f"/users/{NAME}/mute"), 204)


async def fill_account(zebulon: Visitor, client: AsyncClient, container: Container) -> None:
    avatar = await zebulon.upload(seed=14)
    profile = {"bio": "quuxbio", "display_name": "quuxname", "avatar_image_id": avatar["id"]}
    ok(await zebulon.call("PATCH", "/me", json=profile))
    ok(await zebulon.call("PATCH", "/me", json={"consent": {"captions": "offline"}}))
    token = {"username": NAME, "password": PASSWORD, "name": "quuxtoken", "scopes": ["read"]}
    answer = await client.post("/v1/tokens", data=token, headers={"User-Agent": "quuxdevice"})
    assert answer.status_code == 200, answer.text
    ok(await client.post("/v1/password-resets", json={"email": EMAIL}), 202)
    key = {**zebulon.headers, "Idempotency-Key": "once"}
    image = await zebulon.upload(seed=15)
    ok(await client.post("/v1/posts", headers=key, json={"text": "quuxpost", "image_ids": [image["id"]]}), 201)
    await add_totp(zebulon, container.clock())
    await add_codes(zebulon)
    ok(await zebulon.call("POST", "/me/second-factor-challenges", json={"kind": "totp"}), 201)


async def fill_moderation(zebulon: Visitor, bob: Visitor, mia: Visitor) -> None:
    theirs = (await bob.read("/users/bob/posts"))["items"][0]
    body = {"kind": "post", "id": theirs["id"], "reason": "spam", "note": "quuxnote"}
    ok(await zebulon.call("POST", "/reports", json=body), 201)
    own = (await zebulon.read(f"/users/{NAME}/posts"))["items"][-1]
    ok(await bob.call("POST", "/reports", json={"kind": "post", "id": own["id"], "reason": "spam"}), 201)
    decision = {"kind": "post", "id": own["id"], "rule": "r", "reason": "t", "effect": "mark_sensitive"}
    ok(await mia.call("POST", "/moderation/decisions", json=decision), 201)


async def collect_needles(container: Container, zebulon: Visitor) -> Needles:
    """What is searched, by kind: ids and hashes in the forms that a row or a file can have."""
    user_id = (await zebulon.read("/me"))["id"]
    images = (await zebulon.read("/me/images", limit=100))["items"]
    posts = (await zebulon.read(f"/users/{NAME}/posts", limit=100))["items"]
    keys: set[str] = set()
    for shape in images:
        image = await container.uploading().image(ImageId(UUID(shape["id"])), UserId(UUID(user_id)))
        keys |= {str(image.original), *(str(rendition.key) for rendition in image.renditions.values())}
    return {
        "id": {user_id},
        "name": {NAME},
        "email": {EMAIL},
        "text": set(TEXTS),
        "content": {item["id"] for item in (*images, *posts)},
        "blob": keys - await keys_of_others(container),
    }


async def keys_of_others(container: Container) -> set[str]:
    """Equal renditions are stored once: those of other accounts remain."""
    page = await container.browsing().newest(None, PageRequest(100))
    images = [image for view in page.items if view.author.username != NAME for image in view.images]
    return {str(rendition.key) for image in images for rendition in image.renditions.values()}


async def search(container: Container, url: str | None, needles: Needles) -> dict[str, set[str]]:
    """The kinds of needles that occur in each table."""
    rows = await read_tables(url) if url else read_memory(container)
    hits: dict[str, set[str]] = defaultdict(set)
    for table, text in rows.items():
        for kind, values in needles.items():
            if any(value in text or value.replace("-", "") in text for value in values):
                hits[table].add(kind)
    return dict(hits)


async def read_tables(url: str) -> dict[str, str]:
    """Every column of every row, as text. Bytes are hexadecimal, and also decoded where they are text."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        found: dict[str, str] = {}
        for schema, table in names:
            rows = await connection.fetch(f'select * from "{schema}"."{table}"')  # noqa: S608 — names of the catalogue
            found[table] = "\n".join(as_text(value) for row in rows for value in row.values())
        return found
    finally:
        await connection.close()


def read_memory(container: Container) -> dict[str, str]:
    storage = cast(MemoryStorage, container.storage())
    tables: Tables = storage.user_reader._store.committed  # type: ignore[attr-defined]
    found = {table.name: repr(getattr(tables, table.name)) for table in fields(tables)}
    store: Any = storage.user_reader._store  # type: ignore[attr-defined]
    return found | {"waiting_jobs": repr(store.waiting_jobs), "unreferenced": repr(store.unreferenced_blobs)}


def as_text(value: object) -> str:
    if isinstance(value, bytes):
        return f"{value.hex()} {value.decode('utf-8', 'replace')}"
    if isinstance(value, list | tuple):
        return " ".join(map(as_text, value))
    return str(value)


def assert_everything_is_filled(before: dict[str, set[str]], url: str | None) -> None:
    """Guards the search itself: it finds the rows before the deletion."""
    expected = (
        "users images posts comments likes follows follow_requests blocks mutes notifications tokens emails "
        "second_factors challenges consents daily_uploads reports report_groups decisions audit_log understandings "
        "image_labels label_verdicts embeddings search_documents post_tags duplicates answers known_origins"
        if url
        else "users images posts comments likes follows requests blocks mutes notifications tokens emails "
        "second_factors challenges consents daily_uploads reports report_groups decisions audit_log verdicts "
        "embeddings documents duplicates"
    )
    assert set(expected.split()) - before.keys() == set()


def advance(container: Container, by: timedelta) -> None:
    cast(MemoryClock, container.clock()).advance(by)


async def let_worker_clean_up(container: Container) -> None:
    """What the worker does within nine days: e-mails are kept for seven."""
    tasks: list[Callable[[], Awaitable[object]]] = [
        container.image_analysis().sweep,
        lambda: container.storage().queue.drain(container.job_handler().handle),
        container.ranking().delete_expired,
        container.rate_limiting().delete_expired,
        container.sweeping().sweep,
        container.sign_in_guard().delete_expired,
        container.signing_in().delete_expired,
        container.mailing().delete_expired,
        container.second_step().delete_expired,
        container.captioning().delete_unreferenced,
        container.accounts().delete_expired_reservations,
        lambda: container.storage().idempotency_store.delete_expired(container.clock().now()),
    ]
    for _ in range(3):
        for task in tasks:
            await task()
        advance(container, timedelta(days=3))


def assert_log_is_silent(caplog: pytest.LogCaptureFixture, needles: Needles) -> None:
    """No line contains names, addresses, texts or hashes. The ids of users and images are in the log (ADR 61)."""
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    found = [line for line in lines for kind in ("email", "text", "blob") for value in needles[kind] if value in line]
    assert found == []
