"""Known images over the API: the blocklist, quarantine, and a screening service."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from httpx import AsyncClient

from adapters.memory.clock import MemoryClock
from container import Container
from domain.roles import Role
from domain.vision.pdq import Pdq
from tests.containers import container_for, memory_container
from tests.entrypoints.rest.conftest import client_of
from tests.entrypoints.rest.visitors import (
    UNKNOWN_ID,
    Json,
    Visitor,
    expect_invalid,
    expect_problem,
    new_visitor,
    ok,
)
from tests.fake_hma import FakeHma, fake_hma
from tests.sample_images import a_jpeg

KNOWN = a_jpeg(seed=7)
SHA256 = hashlib.sha256(KNOWN).hexdigest()
SIZES = ("thumb", "medium", "large")


@pytest.fixture
async def container(either_store: str | None) -> AsyncIterator[Container]:
    async with container_for(either_store) as container:
        yield container


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def mia(client: AsyncClient, container: Container) -> Visitor:
    return await new_moderator(client, container)


async def new_moderator(client: AsyncClient, container: Container) -> Visitor:
    visitor = await new_visitor(client, "mia")
    await container.accounts().set_role("mia", Role.MODERATOR)
    return visitor


async def add_hash(mia: Visitor, value: str = SHA256, kind: str = "sha256") -> Json:
    body = {"kind": kind, "value": value, "reason": "abuse", "source": "a list"}
    return ok(await mia.call("POST", "/moderation/blocklist", json=body), 201)


async def upload_known(ada: Visitor) -> Json:
    return ok(await ada.send_file(KNOWN), 201)


async def run_jobs(container: Container) -> None:
    await container.storage().queue.drain(container.job_handler().handle)


async def statuses(who: Visitor, image: Json) -> list[int]:
    return [(await who.get(f"/images/{image['id']}/file", size=size)).status_code for size in SIZES]


async def decide(mia: Visitor, image: Json, effect: str) -> None:
    body = {"kind": "image", "id": image["id"], "rule": "known images", "reason": "looked at", "effect": effect}
    ok(await mia.call("POST", "/moderation/decisions", json=body), 201)


def publish_body(image: Json) -> Json:
    return {"text": "look", "image_ids": [image["id"]]}


async def test_known_upload_is_quarantined_before_anybody_sees_it(
    client: AsyncClient, ada: Visitor, mia: Visitor
) -> None:
    await add_hash(mia)

    image = await upload_known(ada)

    assert image["quarantined"] is True
    for who in (ada, mia, Visitor(client)):
        assert await statuses(who, image) == [404] * 3
    (decision,) = (await ada.read("/me/decisions"))["items"]
    assert (decision["effect"], decision["target_id"], decision["rule"]) == ("quarantine", image["id"], "known images")
    assert "nobody can see it" in decision["reason"]
    assert [one["kind"] for one in (await ada.read("/notifications"))["items"]] == ["decision"]
    post = ok(await ada.call("POST", "/posts", json=publish_body(image)), 201)
    assert post["hidden"] is True
    expect_problem(await Visitor(client).get(f"/posts/{post['id']}"), 404, "not_found")
    assert (await ada.read("/rankings/most-liked"))["items"] == []
    expect_problem(await ada.call("DELETE", f"/images/{image['id']}"), 409, "image_quarantined")


async def test_other_uploads_are_not_held_back(ada: Visitor, mia: Visitor) -> None:
    await add_hash(mia)

    image = await ada.upload(seed=1)

    assert image["quarantined"] is False
    assert await statuses(ada, image) == [200] * 3


async def test_moderator_releases_image(client: AsyncClient, ada: Visitor, mia: Visitor, container: Container) -> None:
    await add_hash(mia)
    image = await upload_known(ada)
    post = ok(await ada.call("POST", "/posts", json=publish_body(image)), 201)
    (group,) = (await mia.read("/moderation/reports"))["items"]
    assert (group["kind"], group["target_id"], group["reasons"]) == ("image", image["id"], {"known_image": 1})
    (report,) = (await mia.read(f"/moderation/reports/{group['id']}/reports"))["items"]
    assert report["note"] == "sha256 hash of a list, 0 bits differ: abuse"

    await decide(mia, image, "none")

    assert (await mia.read("/moderation/reports"))["items"] == []
    assert await statuses(Visitor(client), image) == [200] * 3
    assert ok(await Visitor(client).get(f"/posts/{post['id']}"))["hidden"] is False
    await run_jobs(container)
    assert await statuses(Visitor(client), image) == [200] * 3, "the entry is applied again to a released image"
    log = (await mia.read("/moderation/log"))["items"]
    assert [entry["action"] for entry in log[:3]] == ["decision", "quarantine", "blocklist_addition"]
    assert log[1]["details"]["reason"] == "abuse"


async def test_moderator_deletes_image(ada: Visitor, mia: Visitor) -> None:
    await add_hash(mia)
    image = await upload_known(ada)

    await decide(mia, image, "delete")

    expect_problem(await ada.get(f"/images/{image['id']}"), 404, "not_found")


async def test_new_entry_is_applied_to_stored_images(
    client: AsyncClient, ada: Visitor, mia: Visitor, container: Container
) -> None:
    image = await upload_known(ada)
    post = ok(await ada.call("POST", "/posts", json=publish_body(image)), 201)
    assert await statuses(Visitor(client), image) == [200] * 3

    await add_hash(mia)
    (entry,) = (await mia.read("/moderation/blocklist"))["items"]
    assert entry["applied"] is False
    await run_jobs(container)

    assert await statuses(ada, image) == [404] * 3
    expect_problem(await Visitor(client).get(f"/posts/{post['id']}"), 404, "not_found")
    assert (await mia.read("/moderation/blocklist"))["items"][0]["applied"] is True
    assert len((await ada.read("/me/decisions"))["items"]) == 1


async def test_lost_job_is_queued_again(ada: Visitor, mia: Visitor, container: Container) -> None:
    image = await upload_known(ada)
    await add_hash(mia)

    async def lose(_job: object) -> None: ...

    await container.storage().queue.drain(lose)
    assert await container.image_screening().sweep() == 1
    await run_jobs(container)

    assert await statuses(ada, image) == [404] * 3
    assert await container.image_screening().sweep() == 0


async def test_old_images_are_hashed_and_compared(ada: Visitor, mia: Visitor, container: Container) -> None:
    image = await upload_known(ada)
    await add_hash(mia, SHA256, "pdq")  # the memory adapter's PDQ hash of an image is its SHA-256
    await run_jobs(container)
    assert await statuses(ada, image) == [200] * 3

    assert await container.image_hashing().catch_up(lambda: False) == 1

    assert await statuses(ada, image) == [404] * 3


async def test_upload_is_compared_with_pdq_hashes(ada: Visitor, mia: Visitor) -> None:
    await add_hash(mia, f"{int(SHA256, 16) ^ 0b111:064x}", "pdq")

    assert (await upload_known(ada))["quarantined"] is True
    assert (await ada.upload(seed=1))["quarantined"] is False


async def test_known_avatar_is_not_shown(client: AsyncClient, ada: Visitor, mia: Visitor) -> None:
    await add_hash(mia)
    image = await upload_known(ada)

    await ada.call("PATCH", "/me", json={"avatar_image_id": image["id"]})

    assert (await Visitor(client).read("/users/ada"))["avatar"] is None
    assert await statuses(Visitor(client), image) == [404] * 3


async def test_hashes_of_image_are_added(ada: Visitor, mia: Visitor, container: Container) -> None:
    image = await upload_known(ada)
    body = {"image_id": image["id"], "reason": "abuse"}

    assert ok(await mia.call("POST", "/moderation/blocklist-images", json=body), 201) == {"added": 3}
    assert ok(await mia.call("POST", "/moderation/blocklist-images", json=body), 201) == {"added": 0}

    entries = (await mia.read("/moderation/blocklist"))["items"]
    assert {entry["kind"] for entry in entries} == {"sha256", "perceptual", "pdq"}
    assert {entry["added_by"] for entry in entries} == {"mia"}
    await run_jobs(container)
    assert await statuses(ada, image) == [404] * 3
    unknown = {**body, "image_id": UNKNOWN_ID}
    expect_problem(await mia.call("POST", "/moderation/blocklist-images", json=unknown), 404, "not_found")


async def test_deleted_entry_quarantines_nothing_new(ada: Visitor, mia: Visitor) -> None:
    await add_hash(mia)
    held = await upload_known(ada)
    (entry,) = (await mia.read("/moderation/blocklist"))["items"]

    ok(await mia.call("DELETE", f"/moderation/blocklist/{entry['id']}"), 204)

    expect_problem(await mia.call("DELETE", f"/moderation/blocklist/{entry['id']}"), 404, "not_found")
    assert (await upload_known(ada))["quarantined"] is False
    assert await statuses(ada, held) == [404] * 3


async def test_invalid_entries_and_other_users_are_refused(ada: Visitor, mia: Visitor) -> None:
    good = {"kind": "pdq", "value": "0" * 64, "reason": "abuse"}
    for change, errors in (
        ({"value": "0" * 63}, {"value": "bad_format"}),
        ({"kind": "perceptual"}, {"value": "bad_format"}),
        ({"value": "x" * 64}, {"value": "bad_format"}),
        ({"reason": ""}, {"reason": "too_short"}),
        ({"source": "s" * 101}, {"source": "too_long"}),
        ({"kind": "md5"}, {"kind": "not_allowed"}),
    ):
        assert expect_invalid(await mia.call("POST", "/moderation/blocklist", json=good | change)) == errors
    for method, path in (("GET", ""), ("POST", ""), ("POST", "-images"), ("DELETE", f"/{UNKNOWN_ID}")):
        answer = await ada.call(method, f"/moderation/blocklist{path}", json=good if method == "POST" else None)
        expect_problem(answer, 403, "forbidden")
    assert (await mia.read("/moderation/blocklist"))["items"] == []


async def test_moderators_cannot_choose_quarantine(ada: Visitor, mia: Visitor) -> None:
    image = await ada.upload()
    body = {"kind": "image", "id": image["id"], "rule": "r", "reason": "r", "effect": "quarantine"}

    assert expect_invalid(await mia.call("POST", "/moderation/decisions", json=body)) == {"effect": "not_for_kind"}


class TestWithoutBlocklist:
    async def test_nothing_is_held_back(self) -> None:
        container = memory_container(config={"screening": "none"})
        async with client_of(container) as client:
            ada, mia = await new_visitor(client, "ada"), await new_moderator(client, container)
            await add_hash(mia)
            await run_jobs(container)
            assert (await upload_known(ada))["quarantined"] is False


class TestScreeningService:
    @pytest.fixture
    def hma(self) -> Iterator[FakeHma]:
        with fake_hma() as hma:
            yield hma

    @pytest.fixture
    async def container(self, either_store: str | None, hma: FakeHma) -> AsyncIterator[Container]:
        config = {"screening": "http", "screening_url": hma.url}
        async with container_for(either_store, config=config) as container:
            yield container

    async def test_image_is_shown_after_service_has_answered(
        self, ada: Visitor, container: Container, hma: FakeHma, client: AsyncClient
    ) -> None:
        post = await ada.post()
        (image,) = post["images"]
        assert (image["quarantined"], post["hidden"]) == (True, True)
        assert await statuses(ada, image) == [404] * 3

        await run_jobs(container)

        assert await statuses(Visitor(client), image) == [200] * 3
        assert ok(await Visitor(client).get(f"/posts/{post['id']}"))["hidden"] is False
        assert len(hma.requests) == 1
        assert (await ada.read("/me/decisions"))["items"] == []
        shown = await ada.read(f"/images/{image['id']}")
        assert shown["understanding"]["classification"]["state"] == "done"

    async def test_match_is_quarantined(self, ada: Visitor, mia: Visitor, container: Container, hma: FakeHma) -> None:
        hma.banks = {"OTHER": [], "ABUSE": [Pdq(int(SHA256, 16) ^ 0b111), Pdq(int(SHA256, 16) ^ 0b1)]}
        image = await upload_known(ada)

        await run_jobs(container)

        assert await statuses(ada, image) == [404] * 3
        (group,) = (await mia.read("/moderation/reports"))["items"]
        (report,) = (await mia.read(f"/moderation/reports/{group['id']}/reports"))["items"]
        assert report["note"] == "pdq hash of bank ABUSE, 1 bits differ: listed as content 1002"
        await decide(mia, image, "none")
        assert await statuses(ada, image) == [200] * 3

    @pytest.mark.parametrize(
        ("status", "body"), [(503, ""), (400, ""), (200, "no JSON"), (200, "[]"), (200, '{"BANK": [{}]}')]
    )
    async def test_image_stays_invisible_until_service_answers_correctly(
        self, ada: Visitor, container: Container, hma: FakeHma, status: int, body: str
    ) -> None:
        hma.status, hma.body = status, body
        image = await ada.upload()
        await run_jobs(container)
        assert await statuses(ada, image) == [404] * 3
        assert await container.image_screening().sweep() == 0, "it is tried again at once"
        hma.status, hma.body = 200, None
        clock = container.clock()
        assert isinstance(clock, MemoryClock)
        clock.advance(timedelta(minutes=1))

        assert await container.image_screening().sweep() == 1
        await run_jobs(container)

        assert await statuses(ada, image) == [200] * 3

    async def test_own_blocklist_applies_too(self, ada: Visitor, mia: Visitor, hma: FakeHma) -> None:
        await add_hash(mia)

        assert (await upload_known(ada))["quarantined"] is True
        assert hma.requests == []
