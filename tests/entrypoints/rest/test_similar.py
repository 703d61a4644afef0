"""Similar images and duplicates."""

import pytest
from httpx import AsyncClient, Response

from container import Container
from domain.vision import UnusableModel
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, label
from tests.entrypoints.rest.conftest import client_of
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_problem, new_visitor, ok
from tests.sample_images import a_jpeg


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def run_tasks(container: Container) -> None:
    await container.storage().queue.drain(container.job_handler().handle)


async def search_by_image(who: Visitor, data: bytes, **params: object) -> Json:
    answer = await who.call("POST", "/search/by-image", files={"file": ("p.jpg", data)}, params=params or None)
    return ok(answer)


async def test_similar_images_are_found_nearest_first(container: Container, ada: Visitor, bob: Visitor) -> None:
    mine, same, other = await ada.post(seed=1), await bob.post(seed=1), await bob.post(seed=2)
    await run_tasks(container)
    found = await Visitor(ada.client).read(f"/images/{mine['images'][0]['id']}/similar")
    assert [item["post"]["id"] for item in found["items"]] == [same["id"], other["id"]]
    assert found["items"][0]["image_id"] == same["images"][0]["id"]
    assert found["items"][0]["distance"] == pytest.approx(0, abs=1e-6)
    assert found["items"][1]["distance"] > 0.01
    assert found["next_cursor"] is None
    assert len((await ada.read(f"/images/{mine['images'][0]['id']}/similar", limit=1))["items"]) == 1


async def test_unclassified_image_has_no_similar_images(ada: Visitor) -> None:
    image = (await ada.post())["images"][0]
    assert (await ada.read(f"/images/{image['id']}/similar"))["items"] == []


async def test_similar_images_of_hidden_image_are_not_found(ada: Visitor, bob: Visitor) -> None:
    image = await ada.upload()
    expect_problem(await bob.get(f"/images/{image['id']}/similar"), 404, "not_found")
    expect_problem(await bob.get(f"/images/{UNKNOWN_ID}/similar"), 404, "not_found")
    expect_problem(await ada.get(f"/images/{image['id']}/similar", cursor="x"), 422, "bad_cursor")


async def test_search_by_image_stores_nothing(container: Container, ada: Visitor) -> None:
    post = await ada.post(seed=1)
    await run_tasks(container)
    found = await search_by_image(Visitor(ada.client), a_jpeg(seed=1))
    assert [item["post"]["id"] for item in found["items"]] == [post["id"]]
    assert len((await ada.read("/me/images"))["items"]) == 1


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ({"file": ("p.jpg", b"just words")}, 415, "unsupported_image"),
        ({"file": ("p.jpg", b"")}, 422, "broken_image"),
        ({"other": ("p.jpg", a_jpeg())}, 422, "invalid"),
    ],
)
async def test_search_by_other_file_is_refused(ada: Visitor, files: Json, status: int, code: str) -> None:
    expect_problem(await ada.call("POST", "/search/by-image", files=files), status, code)


async def test_search_ignores_idempotency_key(container: Container, ada: Visitor) -> None:
    async def search() -> Response:
        headers = {**ada.headers, "Idempotency-Key": "k"}
        return await ada.client.post("/v1/search/by-image", files={"file": ("p.jpg", a_jpeg(seed=1))}, headers=headers)

    assert ok(await search())["items"] == []
    post = await ada.post(seed=1)
    await run_tasks(container)
    again = await search()
    assert [item["post"]["id"] for item in ok(again)["items"]] == [post["id"]]
    assert "idempotent-replayed" not in again.headers


async def test_too_large_file_is_refused() -> None:
    async with client_of(memory_container(config={"max_upload_bytes": 100})) as client:
        answer = await client.post("/v1/search/by-image", files={"file": ("p.jpg", a_jpeg())})
    assert expect_problem(answer, 413, "image_too_large")["limit"] == 100


async def test_search_without_model_is_unavailable() -> None:
    blind = memory_container(classifier=ScriptedClassifier([label("dog", 0.9)], version=None))
    async with client_of(blind) as client:
        answer = await client.post("/v1/search/by-image", files={"file": ("p.jpg", a_jpeg())})
    expect_problem(answer, 503, "model_missing")
    assert int(answer.headers["retry-after"]) > 0


async def test_duplicate_is_accepted_and_shown_to_owner_only(ada: Visitor, bob: Visitor) -> None:
    first = await ada.post(seed=1)
    again = ok(await bob.send_file(a_jpeg(seed=1)), 201)
    expected = [{"image_id": first["images"][0]["id"], "kind": "exact", "distance": 0}]
    assert again["duplicates"] == expected
    assert (await bob.read(f"/images/{again['id']}"))["duplicates"] == expected
    ok(await bob.call("POST", "/posts", json={"image_ids": [again["id"]]}), 201)
    assert (await ada.read(f"/images/{again['id']}"))["duplicates"] == []
    ok(await ada.call("DELETE", f"/posts/{first['id']}"), 204)
    assert (await bob.read(f"/images/{again['id']}"))["duplicates"] == []


async def test_unposted_images_of_others_are_no_duplicates(ada: Visitor, bob: Visitor) -> None:
    await ada.upload(seed=1)
    assert ok(await bob.send_file(a_jpeg(seed=1)), 201)["duplicates"] == []


async def test_unusable_model_does_not_reveal_path() -> None:
    broken = ScriptedClassifier(UnusableModel("/srv/tintype/models/x.onnx is damaged; remove it"))
    async with client_of(memory_container(classifier=broken)) as client:
        answer = await client.post("/v1/search/by-image", files={"file": ("a.jpg", a_jpeg())})

    assert "/srv" not in expect_problem(answer, 503, "busy")["detail"]
