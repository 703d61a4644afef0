import math
from datetime import timedelta

import pytest
from httpx import AsyncClient

from container import Container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.visitors import Json, Visitor, invalid, ok, refused, visitor
from tests.worlds import memory_container

MOST_LIKED, TRENDING = "/rankings/most-liked", "/rankings/trending"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def container(clock: StoppedClock) -> Container:
    return memory_container(clock=clock)


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await visitor(client, "bob")


def texts(listed: Json) -> list[str]:
    return [item["post"]["text"] for item in listed["items"]]


async def test_most_likes_come_first_then_the_newest_and_those_without_last(ada: Visitor, bob: Visitor) -> None:
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


async def test_a_like_shows_in_the_next_request(ada: Visitor, bob: Visitor) -> None:
    first, second = await ada.post("first"), await ada.post("second", seed=1)
    for post, order in ((first, ["first", "second"]), (second, ["second", "first"])):
        await bob.like(post)
        for path in (MOST_LIKED, TRENDING):
            assert texts(await ada.read(path)) == order
    await ada.call("DELETE", f"/posts/{second['id']}/like")
    await bob.call("DELETE", f"/posts/{second['id']}/like")
    assert texts(await ada.read(MOST_LIKED)) == ["first", "second"]


async def test_a_ranked_post_is_the_post_as_this_viewer_sees_it(ada: Visitor, bob: Visitor) -> None:
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
async def test_a_window_selects_by_time_of_publication(
    client: AsyncClient, clock: StoppedClock, window: str | None, shown: list[str]
) -> None:
    ages = {"years": 400, "months": 60, "weeks": 14, "days": 3, "now": 0}
    start = clock.now()
    authors = [await visitor(client, f"{age}_author") for age in ages]
    for seed, ((age, days), author) in enumerate(zip(ages.items(), authors, strict=True)):
        clock.advance(start + timedelta(days=400 - days) - clock.now())
        post = await (await author.sign_in_again()).post(age, seed)  # the first token has expired
        if age != "now":  # liked in the order of their age, most for the oldest
            for fan in authors[seed:]:
                await (await fan.sign_in_again()).like(post)
    listed = await Visitor(client).read(MOST_LIKED, **({"window": window} if window else {}))
    assert texts(listed) == shown


@pytest.mark.parametrize("window", ["hour", "", "ALL", "7"])
async def test_there_are_five_windows(client: AsyncClient, window: str) -> None:
    assert invalid(await client.get(f"/v1{MOST_LIKED}", params={"window": window})) == {"window": "not_allowed"}


async def test_trending_can_be_computed_again_from_why(ada: Visitor, bob: Visitor, clock: StoppedClock) -> None:
    old = await ada.post("old")
    for fan in (ada, bob):
        await fan.like(old)
    clock.advance(timedelta(hours=18))
    await ada.post("new", seed=1)
    clock.advance(timedelta(hours=6))
    listed = await ada.read(TRENDING)
    assert texts(listed) == ["old", "new"]  # log2(3) - 2 against log2(1) - 1/2
    for item in listed["items"]:
        why = item["why"]
        assert item["score"] == pytest.approx(math.log2(1 + why["likes"]) - why["age_seconds"] / 43_200)
        assert why["half_life_seconds"] == 43_200
    assert [item["why"]["age_seconds"] for item in listed["items"]] == [24 * 3600, 6 * 3600]


@pytest.mark.parametrize("path", [MOST_LIKED, TRENDING])
async def test_ranks_count_on_while_others_publish(ada: Visitor, bob: Visitor, clock: StoppedClock, path: str) -> None:
    for seed in range(4):
        clock.advance(timedelta(minutes=1))
        post = await ada.post(str(seed), seed)
        await bob.like(post)
    walked: list[tuple[int, str]] = []
    page = await ada.read(path, limit=1)
    while cursor := page["next_cursor"]:
        walked += [(item["rank"], item["post"]["text"]) for item in page["items"]]
        await bob.post("unliked", seed=10 + len(walked))
        page = await ada.read(path, limit=1, cursor=cursor)
        if page["items"][0]["post"]["text"] == "unliked":
            break
    assert walked == [(1, "3"), (2, "2"), (3, "1"), (4, "0")]


async def test_a_windows_cursor_is_that_windows_alone(ada: Visitor) -> None:
    for seed in range(2):
        await ada.post(seed=seed)
    cursor = (await ada.read(MOST_LIKED, window="day", limit=1))["next_cursor"]
    ok(await ada.get(MOST_LIKED, window="day", cursor=cursor))
    for params in ({"window": "week"}, {}):
        refused(await ada.get(MOST_LIKED, cursor=cursor, **params), 422, "bad_cursor")
