"""Text and names of all scripts on pages."""

import re
import unicodedata
from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest

from container import Container
from domain.users import ProfileChanges
from tests.entrypoints.web.page_client import PageClient

ARABIC, HEBREW = "صورة من القاهرة!", "תמונה מירושלים!"


def links_of(html: str) -> list[tuple[str, str]]:
    """Address and text of the links in user text."""
    words = "".join(re.findall(r'<p class="text[^>]*>(.*?)</p>', html, re.DOTALL))
    return [(unescape(to), unescape(text)) for to, text in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', words)]


async def set_display_name(container: Container, username: str, name: str) -> None:
    profile = await container.accounts().profile(username)
    await container.accounts().edit_profile(profile.user.id, ProfileChanges(display_name=name))


async def test_page_links_same_tags_as_index(ada: PageClient) -> None:
    texts = {
        "#สวัสดี ＃猫、#نرم‌افزار #a#b": ["/tags/สวัสดี", "/tags/猫", "/tags/نرمافزار", "/tags/a", "/tags/b"],
        "https://en.wikipedia.org/wiki/Mercury_(planet)": ["https://en.wikipedia.org/wiki/Mercury_(planet)"],
        "https://e.org/テスト、次 (https://e.org/a).": ["https://e.org/テスト", "https://e.org/a"],
        "@ada@mastodon.social und @Ada, ＠adaさん": ["/@ada", "/@ada"],
        '<script>alert(1)</script> #a"b https://e.org/?a=1&b=<x>': ["/tags/a", "https://e.org/?a=1&b="],
    }
    for seed, (text, targets) in enumerate(texts.items()):
        path = await ada.publish(text, seed=seed)
        html = await ada.read(path)
        expected = [quote(target, safe="/") if target.startswith("/tags") else target for target in targets]
        assert [target for target, _ in links_of(html)] == expected
        assert "<script>alert" not in html
        for target in (target for target in expected if target.startswith("/tags/")):
            assert f"{path}#comments" in await ada.read(target)


async def test_tag_page_shows_typed_spelling(ada: PageClient, bob: PageClient) -> None:
    await ada.publish("#Año #パリ")
    await bob.publish("#Año", seed=1)
    for asked, heading in (("año", "Año"), ("AN\u0303O", "Año"), ("ﾊﾟﾘ", "パリ"), ("ハリ", "ハリ")):
        assert f"<bdi>#{heading}</bdi></h1>" in await ada.read(f"/tags/{quote(asked)}")
    rising = await ada.read("/explore")
    assert f'href="/tags/{quote("Año")}"><bdi>#Año</bdi>' in rising


async def test_paging_keeps_any_url(ada: PageClient) -> None:
    for seed in range(13):
        await ada.publish("#日本", seed=seed)
    first = await ada.read("/tags/%E6%97%A5%3F%23%E6%9C%AC")
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    posts = [re.findall(r'id="post-([^"]+)"', page) for page in (first, await ada.read(unescape(link[1])))]
    assert (len(posts[0]), len(posts[1])) == (12, 1)
    assert set(posts[0]).isdisjoint(posts[1])


@pytest.mark.parametrize("words", [ARABIC, HEBREW])
async def test_user_text_has_own_direction(ada: PageClient, container: Container, words: str) -> None:
    await ada.submit("/settings", "/settings/profile", display_name=words[:10], bio=words)
    path = await ada.publish(words)
    await ada.submit(path, f"{path}/comments", text=words)
    post, profile = await ada.read(path), await ada.read("/@ada")

    assert post.count(f'dir="auto">{words}</p>') == 2, "the text and the comment"
    assert f"<h1><bdi>{words[:10]}</bdi></h1> <small>@ada</small>" in post
    assert f"<b><bdi>{words[:10]}</bdi></b> <small>@ada</small>" in post, "beside the comment"
    assert f"<h1><bdi>{words[:10]}</bdi></h1>" in profile
    assert f'dir="auto">{words}</p>' in profile
    assert f"<title>\u2068{words[:10]}\u2069" in profile
    for page in (post, profile, await ada.read("/settings"), await ada.read("/new"), await ada.read("/")):
        for tag in re.findall(r"<textarea[^>]*>|<input[^>]*type=\"(?:text|search)\"[^>]*>", page):
            assert 'dir="auto"' in tag or 'class="hidden"' in tag


async def test_old_name_stays_until_changed(ada: PageClient, container: Container) -> None:
    profile = await container.accounts().profile("ada")
    async with container.storage().begin() as uow:
        user = await uow.users.get(profile.user.id)
        assert user
        await uow.users.save(replace(user, display_name="\u202eadA"))
        await uow.commit()

    kept = await ada.submit("/settings", "/settings/profile", display_name="\u202eadA", bio="about me")
    assert kept.headers["location"] == "/settings?saved=profile"
    page = await ada.read("/@ada")
    assert "about me" in page
    assert "<title>\u2068\u202eadA\u2069" in page
    refused = await ada.submit("/settings", "/settings/profile", display_name="\u202eadB", bio="")
    assert (refused.status_code, "U+202E" in refused.text) == (422, True)


async def test_initial_is_complete_character(ada: PageClient, container: Container) -> None:
    for name, initial in (("👩‍👩‍👧 Ada", "👩‍👩‍👧"), ("नमस्ते", "न"), ("e\u0301va", "É"), ("สวัสดี", "ส")):
        await set_display_name(container, "ada", name)
        shown = re.search(r'class="avatar large" aria-hidden="true">([^<]*)<', await ada.read("/@ada"))
        assert shown
        assert unicodedata.normalize("NFC", shown[1]) == initial
