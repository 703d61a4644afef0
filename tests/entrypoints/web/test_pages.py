import gzip
import re

import pytest
from fastapi import FastAPI

from adapters.memory.clock import MemoryClock
from container import Container
from domain.rankings import SNAPSHOT_LIFETIME
from domain.users import Role, SignUp
from domain.vision.model_fetch import FetchFailed
from entrypoints.web.assets import STATIC
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of


async def test_an_unknown_path_is_a_page_for_readers_and_a_problem_for_programs(stranger: PageClient) -> None:
    page = await stranger.get("/nothing/here")
    problem = await stranger.get("/nothing/here", Accept="application/json")
    call = await stranger.get("/v1/nothing")

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such page." in text_of(page.text)
    for answer in (problem, call):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_wrong_method_is_told_as_a_page(stranger: PageClient) -> None:
    answer = await stranger.client.delete("/explore")

    assert answer.status_code == 405
    assert "Method not allowed" in answer.text


@pytest.mark.parametrize("path", ["/posts/none", "/@nobody_here", "/@x!", "/pictures/none/similar", "/tags/../x"])
async def test_what_is_not_there_says_so(stranger: PageClient, path: str) -> None:
    answer = await stranger.get(path)

    assert answer.status_code == 404
    assert "Page not found" in answer.text


@pytest.mark.parametrize(
    "path", ["/?cursor=x", "/explore?cursor=x", "/explore/most-liked?window=aeon", "/@ada?cursor=é"]
)
async def test_a_mangled_address_says_what_is_wrong(stranger: PageClient, ada: PageClient, path: str) -> None:
    answer = await stranger.get(path)

    assert answer.status_code == 422
    assert "<h1>Error</h1>" in answer.text


async def test_lists_go_on_with_a_plain_link_and_repeat_nothing(ada: PageClient) -> None:
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


async def test_a_ranking_that_has_moved_on_starts_again(ada: PageClient, app: FastAPI, container: Container) -> None:
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


async def test_a_ranked_post_says_why_it_is_here(ada: PageClient, bob: PageClient) -> None:
    path = await ada.publish()
    await bob.submit(path, f"{path}/like", liked="yes")

    assert "Number 1 with a score of 1.00: log₂(1 + 1) for its 1 like" in text_of(await ada.read("/explore"))
    assert "Number 1 with 1 like" in text_of(await ada.read("/explore/most-liked"))
    assert "a word counts 1" in text_of(await ada.read("/search?q=picture")).lower()


async def test_the_operator_s_page_is_there_for_admins_alone(
    stranger: PageClient, ada: PageClient, app: FastAPI, container: Container
) -> None:
    for reader in (stranger, ada):
        assert (await reader.get("/operator")).status_code == 404
        assert "/operator" not in (await reader.get("/explore")).text
    await ada.publish()
    assert (await ada.submit("/settings", "/operator/retry")).status_code == 404
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(app) as admin:
        await admin.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        page = text_of(await admin.read("/operator"))

        assert "classification pending 1" in page
        assert "No task is postponed or failed." in page
        assert "/operator" in await admin.read("/settings")


async def test_the_operator_s_page_tells_each_attempt_to_fetch_the_model(app: FastAPI, container: Container) -> None:
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


async def test_parts_of_a_page_are_refused_as_problems(stranger: PageClient, ada: PageClient) -> None:
    answer = await ada.submit("/settings", "/posts/none/like", headers={"HX-Request": "true"}, liked="yes")
    unknown = await stranger.get("/notifications/count", **{"HX-Request": "true"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (unknown.status_code, unknown.json()["code"]) == (401, "not_signed_in")


async def test_assets_are_kept_for_ever_and_compressed(stranger: PageClient) -> None:
    page = await stranger.read("/")
    names = re.findall(r'"(/assets/[0-9a-f]{12}/[^"]+)"', page)
    assert len(names) >= 5
    for name in names:
        answer = await stranger.get(name)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert (await stranger.get(name, **{"Accept-Encoding": "identity"})).content == answer.content
    another = re.sub(r"/[0-9a-f]{12}/", "/000000000000/", names[0])
    assert (await stranger.get(another)).headers["cache-control"] == "no-cache"
    assert (await stranger.get("/assets/x/../../asgi.py")).status_code == 404
    assert (await stranger.get("/assets/x/nothing.js")).status_code == 404


async def test_a_first_visit_weighs_little(stranger: PageClient) -> None:
    """60 KB without pictures is the promise; what a page brings is counted as it travels."""
    page = await stranger.read("/")
    sizes = {name: (await stranger.get(name)).content for name in re.findall(r'"(/assets/[^"]+)"', page)}
    weight = sum(len(gzip.compress(body)) for body in [page.encode(), *sizes.values()])
    imported = sum(
        len(gzip.compress(path.read_bytes())) for path in STATIC.rglob("*.js") if "vendor/htmx" not in str(path)
    )

    assert weight + imported < 60_000
