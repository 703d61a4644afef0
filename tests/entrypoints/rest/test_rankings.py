import math
from datetime import timedelta

import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, expect_problem, new_visitor, ok

MOST_LIKED, TRENDING = "/rankings/most-liked", "/rankings/trending"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def container(clock: StoppedClock) -> Container:
    return memory_container(clock=clock)


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


def texts(listed: Json) -> list[str]:
    return [item["post"]["text"] for item in listed["items"]]


async def test_most_liked_is_sorted_by_likes_and_age(ada: Visitor, bob: Visitor) -> None:
    for seed, (text, fans) in enumerate(
        [("old, one", (bob,)), ("none", ()), ("two", (ada, bob)), ("new, one", (ada,)), ("new, none", ())]
    ):
        post = await ada.post(text, seed)
        for fan in fans:
            await fan.like(post)
    listed = await Visitor(ada.client).read(MOST_LIKED)
    assert texts(listed) == ["two", "new, one", "old, one", "new, none", "none"]
    assert [item["rank"] for item in listed["items"]] == [1, 2, 3, 4, 5]
    assert [item["score"] for item in listed["items"]] == [2, 1, 1, 0, 0]
    assert [item["why"]["likes"] for item in listed["items"]] == [2, 1, 1, 0, 0]


async def test_like_affects_next_request(ada: Visitor, bob: Visitor) -> None:
    first, second = await ada.post("first"), await bob.post("second", seed=1)
    for post, order in ((first, ["first", "second"]), (second, ["second", "first"])):
        await bob.like(post)
        for path in (MOST_LIKED, TRENDING):
            assert texts(await ada.read(path)) == order
    await ada.call("DELETE", f"/posts/{second['id']}/like")
    await bob.call("DELETE", f"/posts/{second['id']}/like")
    assert texts(await ada.read(MOST_LIKED)) == ["first", "second"]


async def test_ranked_post_is_view_of_viewer(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await bob.like(post)
    for path in (MOST_LIKED, TRENDING):
        (item,) = (await bob.read(path))["items"]
        assert item["post"] == await bob.read(f"/posts/{post['id']}")
        (item,) = (await Visitor(ada.client).read(path))["items"]
        assert item["post"]["viewer"] is None


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ("day", ["now"]),
        ("week", ["days", "now"]),
        ("month", ["weeks", "days", "now"]),
        ("year", ["months", "weeks", "days", "now"]),
        ("all", ["years", "months", "weeks", "days", "now"]),
        (None, ["years", "months", "weeks", "days", "now"]),
    ],
)
async def test_window_selects_by_publication_time(
    client: AsyncClient, clock: StoppedClock, window: str | None, shown: list[str]
) -> None:
    ages = {"years": 400, "months": 60, "weeks": 14, "days": 3, "now": 0}
    start = clock.now()
    authors = [await new_visitor(client, f"{age}_author") for age in ages]
    for seed, ((age, days), author) in enumerate(zip(ages.items(), authors, strict=True)):
        clock.advance(start + timedelta(days=400 - days) - clock.now())
        post = await (await author.sign_in_again()).post(age, seed)  # the first token has expired
        if age != "now":  # liked in the order of their age, most for the oldest
            for fan in authors[seed:]:
                await (await fan.sign_in_again()).like(post)
    listed = await Visitor(client).read(MOST_LIKED, **({"window": window} if window else {}))
    assert texts(listed) == shown


@pytest.mark.parametrize("window", ["hour", "", "ALL", "7"])
async def test_five_windows_are_accepted(client: AsyncClient, window: str) -> None:
    assert expect_invalid(await client.get(f"/v1{MOST_LIKED}", params={"window": window})) == {"window": "not_allowed"}


async def test_trending_score_can_be_recomputed_from_explanation(
    ada: Visitor, bob: Visitor, clock: StoppedClock
) -> None:
    old = await ada.post("old")
    for fan in (ada, bob):
        await fan.like(old)
    clock.advance(timedelta(hours=18))
    await bob.post("new", seed=1)
    clock.advance(timedelta(hours=6))
    listed = await ada.read(TRENDING)
    assert texts(listed) == ["old", "new"]  # log2(3) - 2 against log2(1) - 1/2
    for item in listed["items"]:
        why = item["why"]
        assert item["score"] == pytest.approx(math.log2(1 + why["likes"]) - why["age_seconds"] / 43_200)
        assert why["half_life_seconds"] == 43_200
    assert [item["why"]["age_seconds"] for item in listed["items"]] == [24 * 3600, 6 * 3600]


@pytest.mark.parametrize("path", [MOST_LIKED, TRENDING])
async def test_ranks_continue_while_others_publish(client: AsyncClient, clock: StoppedClock, path: str) -> None:
    authors = [await new_visitor(client, f"author_{number}") for number in range(4)]
    for seed, author in enumerate(authors):
        clock.advance(timedelta(minutes=1))
        await author.like(await author.post(str(seed), seed))
    late = await new_visitor(client, "late")
    walked: list[tuple[int, str]] = []
    page = await late.read(path, limit=1)
    while True:
        walked += [(item["rank"], item["post"]["text"]) for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
        await late.like(await late.post("later", seed=10 + len(walked)))
        page = await late.read(path, limit=1, cursor=cursor)
    assert walked == [(1, "3"), (2, "2"), (3, "1"), (4, "0")]


async def test_trending_contains_best_post_of_each_author(ada: Visitor, bob: Visitor) -> None:
    posts = [await author.post(text, seed) for seed, (author, text) in enumerate([(ada, "a"), (ada, "b"), (bob, "c")])]
    await bob.like(posts[0])
    assert texts(await ada.read(TRENDING)) == ["a", "c"]


async def test_cursor_of_other_window_is_refused(ada: Visitor) -> None:
    for seed in range(2):
        await ada.post(seed=seed)
    cursor = (await ada.read(MOST_LIKED, window="day", limit=1))["next_cursor"]
    ok(await ada.get(MOST_LIKED, window="day", cursor=cursor))
    for params in ({"window": "week"}, {}):
        expect_problem(await ada.get(MOST_LIKED, cursor=cursor, **params), 422, "bad_cursor")


@pytest.mark.parametrize("path", [MOST_LIKED, TRENDING])
async def test_paging_keeps_order_with_current_posts(ada: Visitor, bob: Visitor, path: str) -> None:
    first, second = await ada.post("first"), await bob.post("second", seed=1)
    await ada.like(first)
    page = await ada.read(path, limit=1)
    await bob.like(second)
    await ada.like(second)
    (item,) = (await ada.read(path, limit=1, cursor=page["next_cursor"]))["items"]
    assert (item["rank"], item["why"]["likes"], item["post"]["like_count"]) == (2, 0, 2)
    assert texts(await ada.read(path)) == ["second", "first"]


@pytest.mark.parametrize("path", [MOST_LIKED, TRENDING])
async def test_expired_cursor_states_first_page(ada: Visitor, bob: Visitor, clock: StoppedClock, path: str) -> None:
    await ada.post("first")
    await bob.post("second", seed=1)
    page = await ada.read(path, limit=1)
    clock.advance(timedelta(minutes=10))
    ok(await ada.get(path, limit=1, cursor=page["next_cursor"]))
    clock.advance(timedelta(minutes=6))
    answer = await ada.get(path, limit=1, cursor=page["next_cursor"])
    found = expect_problem(answer, 410, "cursor_expired")
    assert found["restart"] == f"/v1{path}?limit=1"
    ok(await ada.client.get(found["restart"]))
