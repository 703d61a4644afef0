"""The answer about captions by an external service, over the API."""

from typing import Any

import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import PaidCaptionWriter
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor, ok

UNDECIDED = {"captions": "offline", "followers_only": False, "decided_at": None}


@pytest.fixture
def container() -> Container:
    return memory_container(captions=PaidCaptionWriter())


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


async def answer(ada: Visitor, **consent: Any) -> Any:
    return await ada.call("PATCH", "/me", json={"consent": consent, "bio": "changed"})


async def test_nobody_has_agreed_at_first(ada: Visitor) -> None:
    assert (await ada.read("/me"))["consent"] == UNDECIDED


async def test_answer_is_stored_with_its_time(ada: Visitor) -> None:
    me = ok(await answer(ada, captions="service", followers_only=True))
    assert (me["consent"]["captions"], me["consent"]["followers_only"]) == ("service", True)
    assert me["consent"]["decided_at"].endswith("Z")
    assert ok(await ada.call("PATCH", "/me", json={"bio": "other"}))["consent"] == me["consent"]


async def test_answer_without_service_says_nothing_about_followers(ada: Visitor) -> None:
    me = ok(await answer(ada, captions="none", followers_only=True))
    assert (me["consent"]["captions"], me["consent"]["followers_only"]) == ("none", False)


@pytest.mark.parametrize(
    "consent",
    [{}, {"captions": "all"}, {"captions": None}, {"captions": "service", "decided_at": "2026-01-01T00:00:00Z"}],
)
async def test_unknown_answer_is_refused_and_changes_nothing(ada: Visitor, consent: dict[str, Any]) -> None:
    expect_problem(await answer(ada, **consent), 422, "invalid")
    me = await ada.read("/me")
    assert (me["consent"], me["bio"]) == (UNDECIDED, "")


async def test_null_is_refused(ada: Visitor) -> None:
    expect_problem(await ada.call("PATCH", "/me", json={"consent": None}), 422, "invalid")
