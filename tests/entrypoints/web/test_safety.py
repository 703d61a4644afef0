"""User input is displayed as text, whatever it contains."""

from html.parser import HTMLParser

import pytest
from httpx import Response

from tests.entrypoints.web.page_client import PageClient
from tests.sample_images import a_jpeg

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}<b>bold</b>",
    "</textarea></title></style><svg onload=alert(1)>",
    'javascript:alert(1) https://e.org/"onclick=alert(1) #<b> @ada<script>',
]


class Markup(HTMLParser):
    """The active parts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.wrong: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script":
            self.scripts.append(values.get("src"))
        if tag in {"style", "iframe", "object", "embed", "base"} or "style" in values:
            self.wrong.append((tag, str(attrs)))
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction", "srcset"}
            if name.startswith("on") or (leads and not (value or "").startswith(("/", "?", "http", "#"))):
                self.wrong.append((name, str(value)))


def expect_harmless(answer: Response) -> str:
    found = Markup(answer.text)
    assert found.wrong == []
    assert all(source and source.startswith("/assets/") for source in found.scripts)
    return answer.text


@pytest.mark.parametrize("words", HOSTILE)
async def test_user_input_does_not_become_markup(ada: PageClient, anonymous: PageClient, words: str) -> None:
    short = words[:50]
    profile = {"display_name": short, "bio": words}
    assert (await ada.submit("/settings", "/settings/profile", **profile)).status_code == 303
    (image,) = await ada.upload(a_jpeg())
    published = await ada.submit("/new", "/new", text=words, image=image, **{f"alt.{image}": words})
    path = published.headers["location"]
    assert (await ada.submit(path, f"{path}/comments", text=words)).status_code == 303

    paths = ("/", "/explore", "/explore/newest", "/@ada", path, f"{path}/likes")
    for reader in (ada, anonymous):
        for place in paths:
            expect_harmless(await reader.get(place))
    for place in ("/settings", f"{path}/edit", "/new", "/notifications"):
        expect_harmless(await ada.get(place))
    expect_harmless(await anonymous.client.get("/search", params={"q": words}))
    expect_harmless(await anonymous.client.get("/sign-in", params={"next": words}))
    expect_harmless(await anonymous.client.get(f"/tags/{words.replace('/', '')}"))
    expect_harmless(await anonymous.client.get(f"/@{words.replace('/', '')}"))
    expect_harmless(await ada.submit(path, f"{path}/comments", text=words * 50))
    expect_harmless(await anonymous.submit("/sign-in", "/sign-in", username=words, password=words, next=words))
    expect_harmless(await anonymous.submit("/sign-up", "/sign-up", username=words, email=words, display_name=words))
    expect_harmless(await ada.submit("/new", "/new", files={"file": (f"{short}.jpg", b"none")}, text=words))


async def test_all_pages_have_security_policy(ada: PageClient, anonymous: PageClient) -> None:
    path = await ada.publish()
    for place in ("/", "/explore", path, "/new", "/settings", "/sign-in", "/nothing", "/search?q=dog"):
        for reader in (ada, anonymous):
            answer = await reader.get(place)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            if answer.status_code != 303:
                assert "frame-ancestors 'none'" in policy
                assert answer.headers["cache-control"] == "private, no-cache"
                assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pages_load_nothing_from_other_hosts(ada: PageClient) -> None:
    path = await ada.publish("see https://example.org/page")
    for place in ("/", path, "/explore"):
        page = await ada.read(place)
        assert 'src="http' not in page
        assert 'rel="stylesheet" href="/assets/' in page
        assert page.count("https://") == page.count("https://example.org/page")


async def test_links_in_text_are_only_links(ada: PageClient) -> None:
    path = await ada.publish("#Dog and @ADA at https://example.org/a?b=1&c=2. Not #123, a@b.cd or x#y")
    page = expect_harmless(await ada.get(path))

    assert '<a href="/tags/dog">#Dog</a> and <a href="/@ada">@ADA</a>' in page
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow noopener ugc">' in page
    assert ". Not #123, a@b.cd or x#y" in page


async def test_private_post_is_not_found_by_others(ada: PageClient, bob: PageClient, anonymous: PageClient) -> None:
    path = await ada.publish("for friends", visibility="followers")

    for reader in (bob, anonymous):
        answer = await reader.get(path)
        assert answer.status_code == 404
        assert "for friends" not in answer.text
        assert "for friends" not in await reader.read("/explore/newest")
        assert "for friends" not in await reader.read("/@ada")


@pytest.mark.parametrize("visibility", ["", "Public", "friends", "public "])
async def test_unknown_visibility_is_refused_and_changes_nothing(ada: PageClient, visibility: str) -> None:
    [image] = await ada.upload(a_jpeg())
    answer = await ada.submit("/new", "/new", image=image, text="for friends", visibility=visibility)
    assert answer.status_code == 422
    assert "isibility must be one of public, followers" in answer.text
    path = await ada.publish("for friends", visibility="followers")
    assert (await ada.submit(f"{path}/edit", f"{path}/edit", text="mine", visibility=visibility)).status_code == 422
    assert "for friends" in await ada.read(path)
