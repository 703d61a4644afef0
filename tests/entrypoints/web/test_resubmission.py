"""The input of a form is not lost if its session or token has expired."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI

from adapters.memory.clock import MemoryClock
from container import Container
from entrypoints.web import rendering
from entrypoints.web.resubmission import LABELS
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of, token_of
from tests.sample_images import a_jpeg

TEXT = '\n<b>"lovely"</b> &amp; long, with #tags\n\nand more'


def form_action(page: str) -> str:
    """The action of the page's form."""
    found = re.search(r'<form method="post" action="([^"]+)"(?! data-clears-storage)', page.partition("<main")[2])
    assert found, page
    return unescape(found[1])


def form_fields(page: str) -> dict[str, str]:
    """The fields that the form would send."""
    inputs = re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.partition("<main")[2])
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in [*inputs, *areas]}


async def sign_out_and_in(reader: PageClient, name: str = "ada") -> None:
    """Sign out and in, as in a second tab."""
    await reader.submit(f"/@{name}", "/sign-out")
    answer = await reader.submit("/sign-in", "/sign-in", username=name, password=PASSWORD)
    assert answer.status_code == 303


async def expire_session(container: Container) -> None:
    clock = container.clock()
    assert isinstance(clock, MemoryClock)
    clock.advance(timedelta(days=31))


async def test_comment_of_earlier_session_can_be_resubmitted(ada: PageClient) -> None:
    path = await ada.publish()
    before = token_of(await ada.read(path))
    await sign_out_and_in(ada)
    late = await ada.client.post(f"{path}/comments", data={"form_token": before, "text": TEXT})

    assert late.status_code == 403
    assert "You are signed in as @ada." in text_of(late.text)
    assert (form_action(late.text), form_fields(late.text)["text"]) == (f"{path}/comments", TEXT)
    assert "lovely" not in await ada.read(path)
    sent = await ada.client.post(form_action(late.text), data=form_fields(late.text))
    assert sent.status_code == 303
    assert "&lt;b&gt;&#34;lovely&#34;&lt;/b&gt; &amp;amp; long" in await ada.read(path)


async def test_unpublished_post_is_restored(ada: PageClient) -> None:
    first, second = await ada.upload(a_jpeg(seed=1), a_jpeg(seed=2))
    before = token_of(await ada.read("/new"))
    await sign_out_and_in(ada)
    said = {"text": TEXT, "visibility": "followers", f"alt.{first}": "a first image", "image": [first, second]}
    empty_field = {"file": ("", b"")}
    late = await ada.client.post("/new", data={"form_token": before, **said}, files=empty_field)

    assert late.status_code == 403
    fields = form_fields(late.text)
    assert (fields["text"], fields["visibility"], fields[f"alt.{first}"]) == (TEXT, "followers", "a first image")
    images = re.findall(r'name="image" value="([^"]+)"', late.text)
    sent = await ada.client.post(form_action(late.text), data={**fields, "image": images})
    assert sent.status_code == 303, sent.text
    assert "a first image" in await ada.read(sent.headers["location"])


async def test_profile_and_alt_text_are_restored(ada: PageClient) -> None:
    path = await ada.publish()
    image = re.findall(r"/pictures/([0-9a-f-]+)/alt", await ada.read(path))[0]
    before = token_of(await ada.read("/settings"))
    await sign_out_and_in(ada)
    for to, said in (
        ("/settings/profile", {"display_name": "Ada L.", "bio": TEXT, "private": "on"}),
        (f"/pictures/{image}/alt", {"alt": TEXT, "do": "save"}),
        (f"{path}/edit", {"text": TEXT, "visibility": "public"}),
    ):
        late = await ada.client.post(to, data={"form_token": before, **said})
        assert late.status_code == 403
        assert said.items() <= form_fields(late.text).items()
        assert (await ada.client.post(form_action(late.text), data=form_fields(late.text))).status_code == 303


async def test_files_and_passwords_must_be_repeated(ada: PageClient) -> None:
    before = token_of(await ada.read("/settings"))
    await sign_out_and_in(ada)
    said = {"form_token": before, "current": PASSWORD, "new": "another horse battery"}
    late = await ada.client.post("/settings/password", data=said)
    assert "horse battery" not in late.text
    assert late.text.count('type="password"') == 2

    file = {"avatar": ("me.jpg", a_jpeg())}
    late = await ada.client.post("/settings/profile", data={"form_token": before, "bio": "x"}, files=file)
    assert 'type="file" name="avatar"' in late.text
    assert "Choose the files again." in late.text


async def test_form_is_restored_after_sign_in(ada: PageClient, container: Container) -> None:
    path = await ada.publish()
    before = token_of(await ada.read(path))
    await expire_session(container)
    late = await ada.client.post(f"{path}/comments", data={"form_token": before, "text": TEXT})
    assert (late.status_code, form_action(late.text)) == (401, "/sign-in")
    assert "Your input is not lost" in text_of(late.text)

    wrong = await ada.client.post("/sign-in", data={**form_fields(late.text), "username": "ada", "password": "wrong"})
    assert wrong.status_code == 422
    signed_in = await ada.client.post(
        "/sign-in", data={**form_fields(wrong.text), "username": "ada", "password": PASSWORD}
    )
    assert signed_in.status_code == 200
    assert form_fields(signed_in.text)["text"] == TEXT
    sent = await ada.client.post(form_action(signed_in.text), data=form_fields(signed_in.text))
    assert sent.status_code == 303
    assert "lovely" in await ada.read(path)


async def test_unpublished_post_is_restored_after_sign_in(ada: PageClient, container: Container) -> None:
    before = token_of(await ada.read("/new"))
    await expire_session(container)
    late = await ada.client.post("/new", data={"form_token": before, "text": TEXT}, files={"file": ("", b"")})

    assert late.status_code == 401
    assert "lovely" in form_fields(late.text)["sent"]


async def test_form_without_text_redirects_to_sign_in(ada: PageClient, container: Container) -> None:
    path = await ada.publish()
    before = token_of(await ada.read(path))
    await expire_session(container)
    for to in (f"{path}/like", f"{path}/comments"):
        late = await ada.client.post(to, data={"form_token": before, "text": " "}, headers={"Referer": "/"})
        assert (late.status_code, late.headers["location"]) == (303, "/sign-in?next=%2F")


async def test_forged_form_does_not_redirect_elsewhere(ada: PageClient, anonymous: PageClient) -> None:
    for to, sent in (
        ("https://evil.example/", "[]"),
        ("//evil.example", "[]"),
        ("/new", "{"),
        ("/new", '[["a"]]'),
        ("/new", "[1]"),
        ("/new", ""),
    ):
        fields = {"username": "ada", "password": PASSWORD, "sent_to": to, "sent": sent, "next": "/explore"}
        answer = await anonymous.submit("/sign-in", "/sign-in", **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, "/explore")
        await anonymous.submit("/@ada", "/sign-out")


async def test_stale_sign_in_page_keeps_username(ada: PageClient, anonymous: PageClient) -> None:
    before = token_of(await anonymous.read("/sign-in"))
    anonymous.client.cookies.clear()
    said = {"form_token": before, "username": "ada", "password": PASSWORD, "next": "/settings"}
    late = await anonymous.client.post("/sign-in", data=said)
    assert late.status_code == 403
    assert form_fields(late.text)["username"] == "ada"
    assert PASSWORD not in late.text

    sent = await anonymous.client.post(form_action(late.text), data={**form_fields(late.text), "password": PASSWORD})
    assert (sent.status_code, sent.headers["location"]) == (303, "/settings")


async def test_script_gets_valid_token(ada: PageClient) -> None:
    path = await ada.publish()
    before = token_of(await ada.read(path))
    await sign_out_and_in(ada)
    partial, said = {"HX-Request": "true"}, {"text": TEXT}
    late = await ada.client.post(f"{path}/comments", data={"form_token": before, **said}, headers=partial)
    assert (late.status_code, late.json()["code"]) == (403, "stale_form")

    fresh = {"form_token": late.json()["form_token"], **said}
    assert (await ada.client.post(f"{path}/comments", data=fresh, headers=partial)).status_code == 200


def test_all_input_fields_have_labels() -> None:
    sources = "".join(path.read_text() for path in Path(rendering.TEMPLATES).rglob("*.html"))
    fields = set(re.findall(r'<textarea [^>]*name="([a-z_]+)', sources))
    fields |= set(re.findall(r'(?:text_area|field)\([a-z.]+, "([a-z_]+)"', sources))

    assert {"text", "alt", "bio", "password"} <= fields
    assert fields <= set(LABELS)


@pytest.mark.parametrize("name", ["eve"])
async def test_page_names_current_user(ada: PageClient, app: FastAPI, name: str) -> None:
    path = await ada.publish()
    before = token_of(await ada.read(path))
    await ada.submit("/@ada", "/sign-out")
    await ada.sign_up(name)
    late = await ada.client.post(f"{path}/comments", data={"form_token": before, "text": "mine"})

    assert f"You are signed in as @{name}." in text_of(late.text)


@pytest.mark.parametrize(
    "sent",
    [
        "[" * 100_000,
        '{"a":' * 5_000,
        '[["text", "\\ud800", false]]',
        '[["\\udfff", "", true]]',
        "[1]",
        '[["text"]]',
        "x",
    ],
    ids=["deep", "deep objects", "surrogate", "surrogate name", "number", "short", "no JSON"],
)
async def test_sign_in_succeeds_if_form_cannot_be_displayed(ada: PageClient, sent: str) -> None:
    await ada.submit("/@ada", "/sign-out")
    fields = {"username": "ada", "password": PASSWORD, "sent_to": "/new", "sent": sent, "next": "/@ada"}
    answer = await ada.submit("/sign-in", "/sign-in", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/@ada")
