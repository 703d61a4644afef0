"""Tags and search of all scripts, over the API."""

import unicodedata
from urllib.parse import quote

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Visitor, new_visitor


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


async def posts_with_tag(who: Visitor, tag: str) -> list[str]:
    return [one["post"]["id"] for one in (await who.read(f"/tags/{quote(tag)}/posts"))["items"]]


async def search_posts(who: Visitor, q: str) -> list[str]:
    return [hit["post"]["id"] for hit in (await who.read("/search", q=q))["items"]]


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("สวัสดี", "สว"),
        ("हिन्दी", "ह"),
        ("கவிதை", "கவ"),
        ("কবিতা", "কব"),
        ("مُحَمَّد", "م"),
        ("نرم‌افزار", "نرم"),
        ("שָׁלוֹם", "ש"),
        ("Du\u0308sseldorf", "Du"),
        ("日本", "日"),
        ("👍", "👍🏽"),
    ],
)
async def test_tag_is_complete_word(ada: Visitor, typed: str, cut: str) -> None:
    post = await ada.post(f"look: #{typed}!")
    for spelling in (typed, unicodedata.normalize("NFC", typed), unicodedata.normalize("NFD", typed), typed.upper()):
        assert await posts_with_tag(ada, spelling) == [post["id"]]
    assert await posts_with_tag(ada, cut) == []


@pytest.mark.parametrize(
    ("one", "other"), [("パリ", "バリ"), ("año", "ano"), ("Йод", "Иод"), ("दिन", "दान"), ("été", "ete")]
)
async def test_different_tags_are_not_equal(ada: Visitor, one: str, other: str) -> None:
    posts = [await ada.post(f"#{one}"), await ada.post(f"#{other}", 1)]
    assert await posts_with_tag(ada, one) == [posts[0]["id"]]
    assert await posts_with_tag(ada, other) == [posts[1]["id"]]


async def test_tags_have_most_common_spelling(ada: Visitor, client: AsyncClient) -> None:
    people = [await new_visitor(client, name) for name in ("bob", "eve", "mia", "zoe")]
    for number, (who, text) in enumerate(
        zip(people, ("#東京 #Año #été", "#東京 #AÑO #Été", "#東京 #AÑO", "#ｶﾞｷﾞ #ガギ"), strict=True)
    ):
        await who.post(text, number)
    await ada.post("#ガギ #año", 9)

    rising = [one["tag"] for one in (await ada.read("/tags"))["items"]]
    assert sorted(rising) == sorted(["東京", "AÑO", "été", "ｶﾞｷﾞ"])
    assert [len(await posts_with_tag(ada, tag)) for tag in ("東京", "AÑO", "été", "ｶﾞｷﾞ")] == [3, 4, 2, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我家在上海东边", ["上海", "东", "我家在上海东边"]),
        ("猫がかわいい。東京タワー", ["猫", "かわいい", "タワー", "ﾀﾜｰ"]),
        ("วันนี้อากาศดีมาก", ["อากาศ", "ดี", "วันนี้"]),
        ("고양이가 귀엽다", ["고양이", "귀엽다"]),
        ("មេឃខៀវស្រឡះ ຟ້າສີຟ້າ ကောင်းကင်ပြာ", ["ខៀវ", "ຟ້າ", "ကောင်းကင်"]),
        ("iPhoneで撮った🐶🐱", ["iphone", "撮った", "🐶", "🐶🐱"]),
        ("हिन्दी में दिन अच्छा है", ["दिन", "हिन्दी"]),
        ("نرم‌افزار مُحَمَّد שָׁלוֹם", ["نرمافزار", "مُحَمَّد", "محمد", "שלום"]),
        ("Café Łódź ΑΘΗΝΑ Ёлка İstanbul", ["CAFÉ", "cafe", "lodz", "αθήνα", "елка", "istanbul"]),
        ("https://en.wikipedia.org/wiki/Mercury_(planet)", ["wikipedia", "planet"]),
    ],
)
async def test_words_of_all_scripts_are_found(ada: Visitor, text: str, words: list[str]) -> None:
    await ada.post("something else")
    post = await ada.post(text, 1)
    for word in words:
        for form in ("NFC", "NFD"):
            assert await search_posts(ada, unicodedata.normalize(form, word)) == [post["id"]], word


@pytest.mark.parametrize(
    ("text", "other"), [("バリの海", "パリ"), ("दान", "दिन"), ("京都東", "東京"), ("คืน", "คน"), ("иод", "йод")]
)
async def test_other_words_are_not_found(ada: Visitor, text: str, other: str) -> None:
    await ada.post(text)
    assert await search_posts(ada, other) == []


async def test_exact_word_comes_first(ada: Visitor) -> None:
    right = await ada.post("un café")
    await ada.post("un cafe", 1)
    hits = (await ada.read("/search", q="café"))["items"]
    assert [hit["score"] for hit in hits] == [1.0, 0.125]
    assert hits[0]["post"]["id"] == right["id"]
