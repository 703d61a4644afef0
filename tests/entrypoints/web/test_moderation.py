"""Reports, decisions and appeals on pages, without scripts."""

import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from container import Container
from domain.roles import Role
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of


@pytest.fixture
async def mia(app: FastAPI, container: Container) -> AsyncIterator[PageClient]:
    async with PageClient(app) as reader:
        await reader.sign_up("mia")
        await container.accounts().set_role("mia", Role.MODERATOR)
        yield reader


def links(page: str, beginning: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(rf'href="({re.escape(beginning)}[^"]*)"', page)]


async def report_post(reporter: PageClient, post: str, reason: str = "spam") -> None:
    (link,) = links(await reporter.read(post), "/report?")
    kind, target = re.fullmatch(r"/report\?kind=(\w+)&id=(.+)", link).groups()  # type: ignore[union-attr]
    answer = await reporter.submit(link, "/report", kind=kind, id=target, reason=reason, note="look")
    assert answer.headers["location"] == "/report/sent"
    assert "The moderators have your report" in await reporter.read("/report/sent")


async def decide_first(moderator: PageClient, effect: str, **fields: str) -> None:
    (group,) = links(await moderator.read("/moderation"), "/moderation/reports/")
    answer = await moderator.submit(group, group, effect=effect, rule="no spam", reason="it is spam", **fields)
    assert answer.headers["location"] == "/moderation"


async def test_post_is_reported_hidden_and_appealed(
    ada: PageClient, bob: PageClient, mia: PageClient, anonymous: PageClient
) -> None:
    post = await ada.publish("buy")
    await report_post(bob, post)
    (group,) = links(await mia.read("/moderation"), "/moderation/reports/")
    shown = text_of(await mia.read(group))
    assert "buy" in shown
    assert "look" in shown
    await decide_first(mia, "hide")

    assert (await anonymous.get(post)).status_code == 404
    assert "This post is hidden: only you and moderators see it" in text_of(await ada.read(post))
    assert links(await ada.read("/notifications"), "/decisions")
    mine = await ada.read("/decisions")
    assert "The post is hidden" in text_of(mine)
    assert "it is spam" in text_of(mine)
    (form,) = re.findall(r'action="(/decisions/[^"]+/appeal)"', mine)
    assert (await ada.submit("/decisions", form, text="it is art")).headers["location"] == "/decisions"
    assert "action=" + f'"{form}"' not in await ada.read("/decisions")
    again = await ada.client.post(form, data={"form_token": _token(await ada.read("/settings")), "text": "again"})
    assert again.status_code == 409
    assert "one is allowed" in again.text

    (form,) = re.findall(r'action="(/moderation/appeals/[^"]+)"', await mia.read("/moderation/appeals"))
    answer = await mia.submit("/moderation/appeals", form, outcome="granted", answer="you are right")
    assert answer.headers["location"] == "/moderation/appeals"
    assert (await anonymous.get(post)).status_code == 200
    assert "you are right" in await ada.read("/decisions")
    assert "no open appeals" in text_of(await mia.read("/moderation/appeals")).lower()
    assert "appeal decision" in text_of(await mia.read("/moderation/log"))


def _token(page: str) -> str:
    return str(re.findall(r'name="form_token" value="([^"]+)"', page)[0])


async def test_faults_are_shown_at_their_fields(ada: PageClient, bob: PageClient, mia: PageClient) -> None:
    post = await ada.publish()
    (link,) = links(await bob.read(post), "/report?")
    answer = await bob.submit(link, "/report", kind="post", id=post.removeprefix("/posts/"), note="n" * 1001)
    assert answer.status_code == 422
    assert "choose one" in answer.text
    await report_post(bob, post)
    (group,) = links(await mia.read("/moderation"), "/moderation/reports/")
    for fields in (
        {"rule": "r", "reason": "r"},
        {"effect": "hide", "rule": "", "reason": "r"},
        {"effect": "hide", "rule": "r", "reason": "r", "until": "2001-01-01"},
        {"effect": "hide", "rule": "r", "reason": "r", "until": "soon"},
        {"effect": "suspend", "rule": "r", "reason": "r"},
    ):
        assert (await mia.submit(group, group, **fields)).status_code == 422
    assert "hidden" not in text_of(await ada.read(post))


async def test_pages_of_moderators_are_not_found_by_others(ada: PageClient, anonymous: PageClient) -> None:
    for path in ("/moderation", "/moderation/appeals", "/moderation/log"):
        assert (await ada.get(path)).status_code == 404
        assert (await anonymous.get(path)).status_code in {303, 404}
    assert "/moderation" not in await ada.read("/settings")


async def test_suspended_user_appeals_with_the_password(
    ada: PageClient, bob: PageClient, mia: PageClient, anonymous: PageClient
) -> None:
    (link,) = links(await bob.read("/@ada"), "/report?")
    answer = await bob.submit(link, "/report", kind="user", id=link.rpartition("=")[2], reason="hate")
    assert answer.status_code == 303
    await decide_first(mia, "suspend", until="2099-01-31")

    assert (await ada.get("/settings")).status_code == 303
    assert (await anonymous.get("/@ada")).status_code == 404
    refused = await anonymous.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD, next="/")
    assert refused.status_code == 403
    assert "it is spam" in refused.text
    assert 'action="/appeal"' in refused.text
    fields = {"username": "ada", "text": "it was not me"}
    wrong = await anonymous.submit("/appeal", "/appeal", password="wrong horse", **fields)
    assert wrong.status_code == 401
    assert "it was not me" in wrong.text
    sent = await anonymous.submit("/appeal", "/appeal", password=PASSWORD, **fields)
    assert "The moderators have your appeal" in sent.text


async def test_sensitive_images_are_covered_without_scripts(ada: PageClient, bob: PageClient) -> None:
    post = await ada.publish(warning="a spider")
    page = await bob.read(post)
    assert '<details class="sensitive">' in page
    assert "a spider" in text_of(page)
    assert "og:image" not in page
    assert "blurred" in await bob.read("/@ada")
    assert '<details class="sensitive">' not in await ada.read(post)

    edit = f"{post}/edit"
    assert 'value="a spider"' in await ada.read(edit)
    await ada.submit(edit, edit, text="an image", visibility="public", warning="")
    assert '<details class="sensitive">' not in await bob.read(post)
    await ada.submit(edit, edit, text="an image", visibility="public", sensitive="on")
    assert '<details class="sensitive">' in await bob.read(post)


async def test_comments_can_be_reported(ada: PageClient, bob: PageClient, mia: PageClient) -> None:
    post = await ada.publish()
    await bob.submit(post, f"{post}/comments", text="buy now")
    (link,) = [one for one in links(await mia.read(post), "/report?") if "comment" in one]
    await mia.submit(link, "/report", kind="comment", id=link.rpartition("=")[2], reason="spam")

    await decide_first(mia, "hide")
    assert "buy now" not in await ada.read(post)
    assert "buy now" in await bob.read(post)


async def test_user_prefers_to_see_sensitive_images(ada: PageClient, bob: PageClient, anonymous: PageClient) -> None:
    post = await ada.publish(warning="a spider")
    assert 'name="show_sensitive">' in await bob.read("/settings")

    await bob.submit("/settings", "/settings/profile", display_name="Bob", bio="", show_sensitive="on")

    assert 'name="show_sensitive" checked' in await bob.read("/settings")
    for path in (post, "/explore/newest", "/@ada"):
        assert not covers(await bob.read(path))
        assert covers(await anonymous.read(path))
    assert "a spider" in text_of(await bob.read(post))
    await bob.submit("/settings", "/settings/profile", display_name="Bob", bio="")
    assert covers(await bob.read(post))


def covers(page: str) -> bool:
    return "blurred" in page
