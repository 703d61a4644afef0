"""Reports, decisions, appeals and the audit log over the API."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from adapters.memory.clock import FIRST_READING, MemoryClock
from container import Container
from domain.roles import Role
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import (
    UNKNOWN_ID,
    Json,
    Visitor,
    expect_invalid,
    expect_problem,
    ids,
    new_visitor,
    ok,
)

TOMORROW = (FIRST_READING + timedelta(days=1)).isoformat()


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


@pytest.fixture
async def mia(client: AsyncClient, container: Container) -> Visitor:
    return await new_moderator(client, container, "mia")


async def new_moderator(client: AsyncClient, container: Container, name: str, role: Role = Role.MODERATOR) -> Visitor:
    visitor = await new_visitor(client, name)
    await container.accounts().set_role(name, role)
    return visitor


async def report(who: Visitor, kind: str, target_id: str, reason: str = "spam", **more: Any) -> Json:
    return ok(await who.call("POST", "/reports", json={"kind": kind, "id": target_id, "reason": reason, **more}), 201)


def decision_about(kind: str, target_id: str, effect: str, **more: Any) -> Json:
    return {"kind": kind, "id": target_id, "rule": "no spam", "reason": "it is spam", "effect": effect, **more}


async def decide(who: Visitor, kind: str, target_id: str, effect: str, **more: Any) -> Json:
    return ok(
        await who.call("POST", "/moderation/decisions", json=decision_about(kind, target_id, effect, **more)), 201
    )


def advance(container: Container, by: timedelta) -> None:
    clock = container.clock()
    assert isinstance(clock, MemoryClock)
    clock.advance(by)


async def my_id(who: Visitor) -> str:
    return str((await who.read("/me"))["id"])


async def test_reports_are_grouped_for_moderators_with_context(ada: Visitor, bob: Visitor, mia: Visitor) -> None:
    post, other = await ada.post(seed=1), await bob.post(seed=2)
    first = await report(bob, "post", post["id"], note="look")
    await report(mia, "post", post["id"], "hate")
    again = await report(bob, "post", post["id"], "violence")

    assert again == first
    (group,) = (await mia.read("/moderation/reports"))["items"]
    assert (group["kind"], group["target_id"], group["reports_count"]) == ("post", post["id"], 2)
    assert group["reasons"] == {"spam": 1, "hate": 1}
    assert ids(await mia.read(f"/moderation/reports/{group['id']}/reports"))[1] == first["id"]
    context = await mia.read(f"/moderation/reports/{group['id']}")
    assert context["user"]["username"] == "ada"
    assert context["post"]["id"] == post["id"]
    assert [one["post"]["id"] for one in context["similar"]] in ([other["id"]], [])
    assert context["history"] == []


async def test_target_that_reporter_cannot_see_is_not_found(ada: Visitor, bob: Visitor) -> None:
    image = await ada.upload()
    body = {"text": "", "image_ids": [image["id"]], "visibility": "followers"}
    post = ok(await ada.call("POST", "/posts", json=body), 201)
    comment = await ada.comment(post)

    for kind, target_id in (
        ("post", post["id"]),
        ("comment", comment["id"]),
        ("image", image["id"]),
        ("user", UNKNOWN_ID),
        ("user", "no id"),
        ("post", await my_id(ada)),
    ):
        answer = await bob.call("POST", "/reports", json={"kind": kind, "id": target_id, "reason": "spam"})
        expect_problem(answer, 404, "not_found")


async def test_invalid_reports_are_refused(ada: Visitor, bob: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    about = {"kind": "post", "id": post["id"], "reason": "spam"}

    expect_problem(await ada.call("POST", "/reports", json=about), 422, "cannot_report")
    assert expect_invalid(await bob.call("POST", "/reports", json={**about, "reason": "dull"})) == {
        "reason": "not_allowed"
    }
    assert expect_invalid(await bob.call("POST", "/reports", json={**about, "reason": "review"})) == {
        "reason": "reserved"
    }
    assert expect_invalid(await bob.call("POST", "/reports", json={**about, "note": "n" * 1001})) == {
        "note": "too_long"
    }
    expect_problem(await Visitor(bob.client).call("POST", "/reports", json=about), 401, "not_signed_in")
    assert (await mia.read("/moderation/reports"))["items"] == []


async def test_every_kind_can_be_reported(ada: Visitor, bob: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    comment = await ada.comment(post)
    targets = [
        ("post", post["id"]),
        ("comment", comment["id"]),
        ("image", post["images"][0]["id"]),
        ("user", await my_id(ada)),
    ]
    for kind, target_id in targets:
        await report(bob, kind, target_id)

    groups = (await mia.read("/moderation/reports"))["items"]
    assert [(group["kind"], group["target_id"]) for group in groups] == targets[::-1]
    for group in groups:
        context = await mia.read(f"/moderation/reports/{group['id']}")
        shown = context[group["kind"]]
        assert shown["id"] == group["target_id"]


async def test_moderation_is_for_moderators(ada: Visitor) -> None:
    post = await ada.post()
    for path in ("reports", f"reports/{UNKNOWN_ID}", "appeals", "log", f"decisions/{UNKNOWN_ID}"):
        expect_problem(await ada.get(f"/moderation/{path}"), 403, "forbidden")
        expect_problem(await Visitor(ada.client).get(f"/moderation/{path}"), 401, "not_signed_in")
    body = decision_about("post", post["id"], "hide")
    expect_problem(await ada.call("POST", "/moderation/decisions", json=body), 403, "forbidden")


async def test_decision_hides_the_post_closes_reports_and_tells_the_author(
    ada: Visitor, bob: Visitor, mia: Visitor
) -> None:
    post = await ada.post()
    await report(bob, "post", post["id"])

    decision = await decide(mia, "post", post["id"], "hide")

    path, image = f"/posts/{post['id']}", post["images"][0]
    expect_problem(await bob.get(path), 404, "not_found")
    expect_problem(await Visitor(bob.client).get(path), 404, "not_found")
    assert (await bob.client.get(image["urls"]["medium"])).status_code == 404
    assert (await ada.read(path))["hidden"] is True
    assert (await mia.read(path))["hidden"] is True
    assert (await mia.read("/moderation/reports"))["items"] == []
    (notification,) = (await ada.read("/notifications"))["items"]
    assert (notification["kind"], notification["actors"]) == ("decision", [])
    (mine,) = (await ada.read("/me/decisions"))["items"]
    assert (mine["id"], mine["rule"], mine["reason"]) == (decision["id"], "no spam", "it is spam")
    assert "moderator_id" not in mine
    assert decision["moderator_id"] == await my_id(mia)
    assert (await mia.read(f"/moderation/decisions/{decision['id']}")) == decision
    assert (await bob.read("/me/decisions"))["items"] == []


async def test_effect_ends_exactly_at_its_end(
    ada: Visitor, mia: Visitor, client: AsyncClient, container: Container
) -> None:
    post = await ada.post()
    until = (FIRST_READING + timedelta(hours=1)).isoformat()
    await decide(mia, "post", post["id"], "hide", until=until)

    guest = Visitor(client)
    expect_problem(await guest.get(f"/posts/{post['id']}"), 404, "not_found")
    advance(container, timedelta(hours=1))
    assert (await guest.read(f"/posts/{post['id']}"))["hidden"] is False


async def test_limited_post_is_not_ranked(ada: Visitor, mia: Visitor) -> None:
    post = await ada.post(text="#owl")
    await decide(mia, "post", post["id"], "limit")

    for path in ("/rankings/trending", "/rankings/most-liked", "/posts", "/tags/owl/posts"):
        assert (await mia.read(path))["items"] == []
    assert (await mia.read("/search", q="owl"))["items"] == []
    assert (await mia.read(f"/posts/{post['id']}"))["hidden"] is False


async def test_sensitive_posts_are_marked_by_authors_and_moderators(ada: Visitor, mia: Visitor) -> None:
    image = await ada.upload()
    body = {"text": "", "image_ids": [image["id"]], "warning": "a spider"}
    post = ok(await ada.call("POST", "/posts", json=body), 201)
    path = f"/posts/{post['id']}"
    assert (post["sensitive"], post["warning"]) == (True, "a spider")

    edited = ok(await ada.call("PATCH", path, json={"sensitive": False, "warning": None}))
    assert (edited["sensitive"], edited["warning"], edited["edited_at"]) == (False, None, None)
    await decide(mia, "post", post["id"], "mark_sensitive")
    again = ok(await ada.call("PATCH", path, json={"sensitive": False}))
    assert again["sensitive"] is True, "the author cannot remove the mark of a moderator"
    assert expect_invalid(await ada.call("PATCH", path, json={"warning": ""})) == {"warning": "too_short"}
    assert expect_invalid(await ada.call("PATCH", path, json={"warning": "w" * 201})) == {"warning": "too_long"}


async def test_suspended_user_cannot_sign_in_or_write_and_may_appeal(
    ada: Visitor, bob: Visitor, mia: Visitor, client: AsyncClient
) -> None:
    await ada.post()
    decision = await decide(mia, "user", await my_id(ada), "suspend", until=TOMORROW)

    expect_problem(await ada.get("/me"), 401, "not_signed_in")
    refused = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD})
    problem = expect_problem(refused, 403, "suspended")
    assert (problem["rule"], problem["reason"], problem["decision_id"]) == ("no spam", "it is spam", decision["id"])
    assert expect_problem(
        await client.post("/v1/tokens", data={"username": "ada", "password": "wrong horse"}), 401, "wrong_credentials"
    )
    expect_problem(await bob.get("/users/ada"), 404, "not_found")
    assert (await bob.read("/posts"))["items"] == []
    assert (await mia.read("/users/ada"))["username"] == "ada"

    appeal = {"username": "ada", "password": PASSWORD, "text": "it was not me"}
    expect_problem(
        await client.post("/v1/appeals", json={**appeal, "password": "wrong horse"}), 401, "wrong_credentials"
    )
    ok(await client.post("/v1/appeals", json=appeal), 201)
    expect_problem(await client.post("/v1/appeals", json=appeal), 409, "already_appealed")
    answer = {"outcome": "granted", "answer": "indeed"}
    ok(await mia.call("PUT", f"/moderation/appeals/{decision['id']}", json=answer))
    again = await ada.sign_in_again()
    (mine,) = (await again.read("/me/decisions"))["items"]
    assert (mine["appeal"]["outcome"], mine["appeal"]["answer"], mine["in_force"]) == ("granted", "indeed", False)
    assert len((await bob.read("/posts"))["items"]) == 1


async def test_suspension_ends_by_itself(ada: Visitor, mia: Visitor, client: AsyncClient, container: Container) -> None:
    await decide(mia, "user", await my_id(ada), "suspend", until=TOMORROW)
    advance(container, timedelta(days=1))

    again = await ada.sign_in_again()
    assert (await again.read("/me"))["username"] == "ada"
    expect_problem(
        await client.post("/v1/appeals", json={"username": "ada", "password": PASSWORD, "text": "why?"}),
        404,
        "not_found",
    )


async def test_deletions(ada: Visitor, bob: Visitor, mia: Visitor) -> None:
    post = await ada.post(seed=1)
    comment = await bob.comment(post)
    await decide(mia, "comment", comment["id"], "delete")
    assert (await ada.read(f"/posts/{post['id']}"))["comment_count"] == 0
    await decide(mia, "post", post["id"], "delete")
    expect_problem(await ada.get(f"/posts/{post['id']}"), 404, "not_found")
    assert (await ada.read("/me"))["posts_count"] == 0
    await decide(mia, "user", await my_id(bob), "delete")
    expect_problem(await mia.get("/users/bob"), 404, "not_found")
    assert len((await ada.read("/me/decisions"))["items"]) == 1
    assert len((await mia.read("/moderation/log"))["items"]) == 4, "with the role of mia"


async def test_last_visible_image_of_a_post_stays(ada: Visitor, mia: Visitor) -> None:
    images = [await ada.upload(seed) for seed in (1, 2)]
    body = {"text": "", "image_ids": [image["id"] for image in images]}
    post = ok(await ada.call("POST", "/posts", json=body), 201)
    await decide(mia, "image", images[0]["id"], "hide")

    for effect in ("hide", "delete"):
        answer = await mia.call("POST", "/moderation/decisions", json=decision_about("image", images[1]["id"], effect))
        expect_problem(answer, 422, "only_visible_image")
    shown = await Visitor(ada.client).read(f"/posts/{post['id']}")
    assert [image["id"] for image in shown["images"]] == [images[1]["id"]]


@pytest.mark.parametrize(
    ("kind", "changes", "faults"),
    [
        ("comment", {"effect": "suspend"}, {"effect": "not_for_kind"}),
        ("post", {"effect": "hide", "until": FIRST_READING.isoformat()}, {"until": "in_past"}),
        ("post", {"effect": "none", "until": TOMORROW}, {"until": "not_for_effect"}),
        ("post", {"effect": "hide", "rule": "", "reason": " "}, {"rule": "too_short", "reason": "blank"}),
        ("post", {"effect": "burn"}, {"effect": "not_allowed"}),
        ("user", {"effect": "hide"}, {"effect": "not_for_kind"}),
    ],
)
async def test_invalid_decisions_are_refused_without_a_change(
    ada: Visitor, mia: Visitor, kind: str, changes: Json, faults: dict[str, str]
) -> None:
    post = await ada.post()
    comment = await ada.comment(post)
    target = {"post": post["id"], "comment": comment["id"], "user": await my_id(ada)}[kind]
    body = decision_about(kind, target, "hide") | changes

    assert expect_invalid(await mia.call("POST", "/moderation/decisions", json=body)) == faults
    assert (await ada.read("/me/decisions"))["items"] == []


@pytest.mark.parametrize("until", [5, "soon", "2027-01-01T00:00:00", "9999-12-31T23:59:59-10:00", "2027-01-01"])
async def test_end_is_a_time_with_an_offset(ada: Visitor, mia: Visitor, until: Any) -> None:
    post = await ada.post()
    body = decision_about("post", post["id"], "hide", until=until)
    assert set(expect_invalid(await mia.call("POST", "/moderation/decisions", json=body))) == {"until"}


async def test_decisions_about_equal_or_higher_roles_are_refused_and_logged(
    ada: Visitor, mia: Visitor, client: AsyncClient, container: Container
) -> None:
    boss = await new_moderator(client, container, "zoe", Role.ADMIN)
    eve = await new_moderator(client, container, "eve")
    for who in (mia, boss, eve):
        body = decision_about("user", await my_id(who), "suspend")
        expect_problem(await mia.call("POST", "/moderation/decisions", json=body), 403, "cannot_moderate")
    post = await boss.post()
    body = decision_about("post", post["id"], "hide")
    expect_problem(await mia.call("POST", "/moderation/decisions", json=body), 403, "cannot_moderate")
    expect_problem(await boss.call("POST", "/moderation/decisions", json=body), 403, "cannot_moderate")

    log = (await mia.read("/moderation/log", limit=5))["items"]
    assert [entry["action"] for entry in log] == ["refused"] * 5
    assert log[0]["actor_id"] == await my_id(boss)
    assert (await boss.read(f"/posts/{post['id']}"))["hidden"] is False
    await decide(boss, "user", await my_id(eve), "suspend")


async def test_unknown_targets_are_not_found(mia: Visitor) -> None:
    for kind in ("post", "comment", "image", "user"):
        for target in (UNKNOWN_ID, "no id"):
            answer = await mia.call("POST", "/moderation/decisions", json=decision_about(kind, target, "none"))
            expect_problem(answer, 404, "not_found")


async def test_reports_of_a_deleted_target_are_closed(ada: Visitor, bob: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    await report(bob, "post", post["id"])
    ok(await ada.call("DELETE", f"/posts/{post['id']}"), 204)
    (group,) = (await mia.read("/moderation/reports"))["items"]
    assert (await mia.read(f"/moderation/reports/{group['id']}"))["post"] is None

    answer = await mia.call("POST", "/moderation/decisions", json=decision_about("post", post["id"], "none"))

    expect_problem(answer, 404, "not_found")
    assert (await mia.read("/moderation/reports"))["items"] == []


async def test_appeal_goes_to_another_moderator(
    ada: Visitor, bob: Visitor, mia: Visitor, client: AsyncClient, container: Container
) -> None:
    eve = await new_moderator(client, container, "eve")
    post = await ada.post()
    decision = await decide(mia, "post", post["id"], "hide")
    path, answer = f"/moderation/appeals/{decision['id']}", {"outcome": "granted", "answer": "sorry"}
    expect_problem(await eve.call("PUT", path, json=answer), 404, "not_found")

    mine = f"/me/decisions/{decision['id']}/appeal"
    expect_problem(await bob.call("POST", mine, json={"text": "no"}), 404, "not_found")
    assert expect_invalid(await ada.call("POST", mine, json={"text": ""})) == {"text": "too_short"}
    appealed = ok(await ada.call("POST", mine, json={"text": "it is art"}), 201)
    assert appealed["appeal"]["outcome"] is None
    expect_problem(await ada.call("POST", mine, json={"text": "again"}), 409, "already_appealed")
    assert ids(await eve.read("/moderation/appeals")) == [decision["id"]]

    expect_problem(await mia.call("PUT", path, json=answer), 403, "own_decision")
    ok(await eve.call("PUT", path, json=answer))
    expect_problem(await eve.call("PUT", path, json=answer), 409, "appeal_closed")
    assert (await Visitor(client).read(f"/posts/{post['id']}"))["hidden"] is False
    assert (await eve.read("/moderation/appeals"))["items"] == []
    actions = [entry["action"] for entry in (await eve.read("/moderation/log"))["items"]]
    assert actions[:3] == ["appeal_decision", "appeal", "decision"]


async def test_lone_moderator_decides_appeals_against_own_decisions(ada: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    decision = await decide(mia, "post", post["id"], "hide")
    ok(await ada.call("POST", f"/me/decisions/{decision['id']}/appeal", json={"text": "please"}), 201)

    answer = {"outcome": "upheld", "answer": "no"}
    ok(await mia.call("PUT", f"/moderation/appeals/{decision['id']}", json=answer))
    assert (await ada.read(f"/posts/{post['id']}"))["hidden"] is True


async def test_appeal_needs_a_decision(ada: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    dismissed = await decide(mia, "post", post["id"], "none")
    for decision_id in (UNKNOWN_ID, "no id", dismissed["id"]):
        answer = await ada.call("POST", f"/me/decisions/{decision_id}/appeal", json={"text": "why?"})
        expect_problem(answer, 404, "not_found")


async def test_log_is_paged(ada: Visitor, mia: Visitor) -> None:
    post = await ada.post()
    for effect in ("hide", "none", "limit"):
        await decide(mia, "post", post["id"], effect)

    first = await mia.read("/moderation/log", limit=3)
    rest = await mia.read("/moderation/log", limit=3, cursor=first["next_cursor"])
    assert [entry["details"].get("effect") for entry in first["items"]] == ["limit", "none", "hide"]
    assert [entry["action"] for entry in rest["items"]] == ["role_change"]
    assert rest["items"][0]["details"] == {"user": "mia", "from": "user", "to": "moderator"}
