import gzip
import re

import pytest
from fastapi import FastAPI

from adapters.memory.clock import MemoryClock
from container import Container
from domain.rankings import SNAPSHOT_LIFETIME
from domain.roles import Role
from domain.users import SignUp
from domain.vision.model_fetch import FetchFailed
from entrypoints.web.assets import STATIC
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of


async def test_unknown_path_is_page_for_browsers_and_problem_for_programs(anonymous: PageClient) -> None:
    page = await anonymous.get("/nothing/here")
    problem = await anonymous.get("/nothing/here", Accept="application/json")
    call = await anonymous.get("/v1/nothing")

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such page." in text_of(page.text)
    for answer in (problem, call):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_wrong_method_is_error_page(anonymous: PageClient) -> None:
    answer = await anonymous.client.delete("/explore")

    assert answer.status_code == 405
    assert "Method not allowed" in answer.text


@pytest.mark.parametrize("path", ["/posts/none", "/@nobody_here", "/@x!", "/pictures/none/similar", "/tags/../x"])
async def test_missing_objects_are_error_pages(anonymous: PageClient, path: str) -> None:
    answer = await anonymous.get(path)

    assert answer.status_code == 404
    assert "Page not found" in answer.text


@pytest.mark.parametrize(
    "path", ["/?cursor=x", "/explore?cursor=x", "/explore/most-liked?window=aeon", "/@ada?cursor=é"]
)
async def test_invalid_parameters_are_error_pages(anonymous: PageClient, ada: PageClient, path: str) -> None:
    answer = await anonymous.get(path)

    assert answer.status_code == 422
    assert "<h1>Error</h1>" in answer.text


async def test_lists_are_paged_by_links(ada: PageClient) -> None:
    for number in range(14):
        await ada.publish(f"number {number}", seed=number)
    for place in ("/", "/explore/newest", "/@ada"):
        first = await ada.read(place)
        link = re.search(r'rel="next" href="([^"]+)"', first)
        assert link
        second = await ada.read(link[1].replace("&amp;", "&"))
        posts = [re.findall(r'id="post-([^"]+)"', page) for page in (first, second)]
        assert (len(posts[0]), len(posts[1])) == (12, 2)
        assert len({*posts[0], *posts[1]}) == 14
        assert 'rel="next"' not in second


async def test_expired_ranking_offers_restart(ada: PageClient, app: FastAPI, container: Container) -> None:
    for number in range(13):
        async with PageClient(app) as author:
            await author.sign_up(f"author{number}")
            await author.publish(seed=number)
    link = re.search(r'rel="next" href="([^"]+)"', await ada.read("/explore"))
    assert link
    clock = container.clock()
    assert isinstance(clock, MemoryClock)
    clock.advance(SNAPSHOT_LIFETIME * 2)
    answer = await ada.get(link[1].replace("&amp;", "&"))

    assert answer.status_code == 410
    assert '<a class="button" href="/explore">Start again</a>' in answer.text


async def test_ranked_post_explains_rank(ada: PageClient, bob: PageClient) -> None:
    path = await ada.publish()
    await bob.submit(path, f"{path}/like", liked="yes")

    assert "Number 1 with a score of 1.00: log₂(1 + 1) for its 1 like" in text_of(await ada.read("/explore"))
    assert "Number 1 with 1 like" in text_of(await ada.read("/explore/most-liked"))
    assert "a word counts 1" in text_of(await ada.read("/search?q=image")).lower()


async def test_operator_page_is_for_admins(
    anonymous: PageClient, ada: PageClient, app: FastAPI, container: Container
) -> None:
    assert (await anonymous.get("/operator")).headers["location"] == "/sign-in?next=%2Foperator"
    assert "/operator" not in (await anonymous.get("/explore")).text
    for role in (Role.USER, Role.MODERATOR):
        await container.accounts().set_role("ada", role)
        assert (await ada.get("/operator")).status_code == 404
        assert "/operator" not in (await ada.get("/explore")).text
    await ada.publish()
    assert (await ada.submit("/settings", "/operator/retry")).status_code == 404
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(app) as admin:
        await admin.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        page = text_of(await admin.read("/operator"))

        assert "classification pending 1" in page
        assert "No task is postponed or failed." in page
        assert "/operator" in await admin.read("/settings")


async def test_operator_page_lists_fetch_attempts(app: FastAPI, container: Container) -> None:
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(app) as admin:
        await admin.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        assert "Attempts to fetch" not in text_of(await admin.read("/operator"))
        with pytest.raises(FetchFailed):
            await container.model_fetcher().fetch(lambda _: None)
        page = text_of(await admin.read("/operator"))

    assert "Attempts to fetch the main model" in page
    assert re.search(r"Kaggle Models failed there is no network here.*TensorFlow Hub failed", page)
    assert "model fetch not yet consecutive failures: 1" in page
    assert "try again with tintype model fetch" in page.replace("`", "")


async def test_errors_of_partial_requests_are_problems(anonymous: PageClient, ada: PageClient) -> None:
    answer = await ada.submit("/settings", "/posts/none/like", headers={"HX-Request": "true"}, liked="yes")
    unknown = await anonymous.get("/notifications/count", **{"HX-Request": "true"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (unknown.status_code, unknown.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("br, gzip; q=0.000", None),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("identity", None),
        ("x-gzip-like", None),
        (";;;,q=,gzip;q=x", "gzip"),
    ],
)
async def test_page_is_compressed_if_client_accepts_it(
    anonymous: PageClient, accepted: str, encoding: str | None
) -> None:
    page = await anonymous.get("/", **{"Accept-Encoding": accepted})
    assert (page.status_code, page.headers.get("content-encoding")) == (200, encoding)


async def test_assets_are_immutable_and_compressed(anonymous: PageClient) -> None:
    page = await anonymous.read("/")
    names = re.findall(r'"(/assets/[0-9a-f]{12}/[^"]+)"', page)
    assert len(names) >= 5
    for name in names:
        answer = await anonymous.get(name)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert (await anonymous.get(name, **{"Accept-Encoding": "identity"})).content == answer.content
    another = re.sub(r"/[0-9a-f]{12}/", "/000000000000/", names[0])
    assert (await anonymous.get(another)).headers["cache-control"] == "no-cache"
    assert (await anonymous.get("/assets/x/../../asgi.py")).status_code == 404
    assert (await anonymous.get("/assets/x/nothing.js")).status_code == 404


async def test_size_of_first_visit(anonymous: PageClient) -> None:
    """The limit is 60 KB without images, in transferred bytes."""
    page = await anonymous.read("/")
    sizes = {name: (await anonymous.get(name)).content for name in re.findall(r'"(/assets/[^"]+)"', page)}
    weight = sum(len(gzip.compress(body)) for body in [page.encode(), *sizes.values()])
    imported = sum(
        len(gzip.compress(path.read_bytes())) for path in STATIC.rglob("*.js") if "vendor/htmx" not in str(path)
    )

    assert weight + imported < 60_000
