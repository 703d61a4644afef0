import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, label
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_problem, new_visitor, ok

PUBLIC_CACHE = "public, max-age=3600, s-maxage=60"
CALLS = [
    ("GET", "", None),
    ("GET", "/file?size=thumb", None),
    ("PATCH", "", {"alt_text": "mine"}),
    ("DELETE", "", None),
    ("POST", "/understanding/classification", None),
    ("POST", "/understanding/caption", None),
    ("PUT", "/labels/n00000207", {"verdict": "wrong"}),
    ("PUT", "/sensitive-media", {"sensitive": True}),
]


@pytest.fixture
def container() -> Container:
    return memory_container(classifier=ScriptedClassifier([label("golden retriever", 0.8)]))


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def run_tasks(container: Container) -> None:
    """Run all due tasks like a worker."""
    await container.storage().queue.drain(container.job_handler().handle)


@pytest.mark.parametrize(("method", "part", "body"), CALLS)
@pytest.mark.parametrize("image_id", [UNKNOWN_ID, "1", "%20"])
async def test_missing_image_is_not_found(ada: Visitor, method: str, part: str, body: Json, image_id: str) -> None:
    expect_problem(await ada.call(method, f"/images/{image_id}{part}", json=body), 404, "not_found")


@pytest.mark.parametrize(("method", "part", "body"), CALLS)
async def test_unposted_image_is_for_owner_only(ada: Visitor, bob: Visitor, method: str, part: str, body: Json) -> None:
    path = f"/images/{(await ada.upload())['id']}{part}"
    expect_problem(await bob.call(method, path, json=body), 404, "not_found")
    nobody = await Visitor(ada.client).call(method, path, json=body)
    expect_problem(nobody, *((404, "not_found") if method == "GET" else (401, "not_signed_in")))


@pytest.mark.parametrize(("method", "part", "body"), CALLS[2:])
async def test_posted_image_can_be_read_but_not_changed_by_others(
    ada: Visitor, bob: Visitor, method: str, part: str, body: Json
) -> None:
    image = (await ada.post())["images"][0]
    expect_problem(await bob.call(method, f"/images/{image['id']}{part}", json=body), 403, "forbidden")
    assert await ada.read(f"/images/{image['id']}") == image


async def test_unposted_image_can_be_deleted(ada: Visitor) -> None:
    image = await ada.upload()
    ok(await ada.call("DELETE", f"/images/{image['id']}"), 204)
    expect_problem(await ada.get(f"/images/{image['id']}"), 404, "not_found")
    expect_problem(await ada.get(f"/images/{image['id']}/file", size="thumb"), 404, "not_found")


async def test_posted_image_is_deleted_with_post_only(ada: Visitor) -> None:
    post = await ada.post()
    image = post["images"][0]["id"]
    assert expect_problem(await ada.call("DELETE", f"/images/{image}"), 409, "image_in_use")["post_id"] == post["id"]
    ok(await ada.call("DELETE", f"/posts/{post['id']}"), 204)
    expect_problem(await ada.get(f"/images/{image}"), 404, "not_found")


@pytest.mark.parametrize("size", ["thumb", "medium", "large"])
async def test_file_of_restricted_image_is_not_cached(ada: Visitor, size: str) -> None:
    image = await ada.upload()
    answer = await ada.get(f"/images/{image['id']}/file", size=size)
    assert answer.content.startswith(b"\xff\xd8")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization, Cookie"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_file_of_public_image_can_be_cached(ada: Visitor) -> None:
    image = (await ada.post())["images"][0]
    answers = [await someone.get(f"/images/{image['id']}/file", size="large") for someone in (ada, Visitor(ada.client))]
    assert [answer.headers["cache-control"] for answer in answers] == [PUBLIC_CACHE] * 2
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


@pytest.mark.parametrize("params", [{}, {"size": "huge"}, {"size": ""}, {"size": "THUMB"}])
async def test_three_sizes_are_served(ada: Visitor, params: Json) -> None:
    image = await ada.upload()
    problem = expect_problem(await ada.get(f"/images/{image['id']}/file", **params), 422, "invalid")
    assert [fault["field"] for fault in problem["errors"]] == ["size"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("", 200),
        ("nonsense", 200),
    ],
)
@pytest.mark.parametrize("posted", [True, False])
async def test_matching_etag_is_not_modified(ada: Visitor, sent: str, status: int, posted: bool) -> None:
    image = (await ada.post())["images"][0] if posted else await ada.upload()
    first = await ada.get(f"/images/{image['id']}/file", size="thumb")
    tag = first.headers["etag"]
    assert (tag[0], tag[-1]) == ('"', '"')
    headers = {**ada.headers, "If-None-Match": sent.format(tag=tag)}
    again = await ada.client.get(f"/v1/images/{image['id']}/file?size=thumb", headers=headers)
    assert again.status_code == status
    assert again.content == (b"" if status == 304 else first.content)
    assert (again.headers["etag"], again.headers["cache-control"]) == (tag, first.headers["cache-control"])


async def test_etag_does_not_bypass_visibility(ada: Visitor, bob: Visitor) -> None:
    image = await ada.upload()
    answer = await bob.client.get(f"/v1/images/{image['id']}/file?size=thumb", headers={"If-None-Match": "*"})
    expect_problem(answer, 404, "not_found")


async def test_labels_appear_after_classification(ada: Visitor, bob: Visitor, container: Container) -> None:
    image = (await ada.post())["images"][0]
    await run_tasks(container)
    seen = await bob.read(f"/images/{image['id']}")
    assert seen["labels"] == [
        {
            "key": "n00000207",
            "name": "golden retriever",
            "class_index": 207,
            "score": 0.8,
            "tags": [],
            "verdict": None,
        }
    ]
    done = {"state": "done", "attempts": 1, "model": "scripted@v1", "error": None, "next_attempt_at": None}
    assert seen["understanding"]["classification"] == done
    assert seen["understanding"]["caption"]["state"] == "done"


async def test_owner_can_request_classification_again(ada: Visitor, container: Container) -> None:
    image = await ada.upload()
    await run_tasks(container)
    for task in ("classification", "caption"):
        asked = ok(await ada.call("POST", f"/images/{image['id']}/understanding/{task}"), 202)
        assert asked["understanding"][task]["state"] == "pending"
        assert asked["understanding"][task]["attempts"] == 0
        await run_tasks(container)
        assert (await ada.read(f"/images/{image['id']}"))["understanding"][task]["state"] == "done"
