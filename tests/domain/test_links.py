"""Links in texts of any script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.links import LinkKind, hashtags, split_links, tag_key
from domain.words import graphemes
from tests.domain.test_words import WRITING


def links(text: str) -> list[str]:
    return [part.text for part in split_links(text) if part.kind is not LinkKind.TEXT]


@pytest.mark.parametrize(
    "tag",
    [
        *("สวัสดี", "ทวิตล่ม", "हिन्दी", "கவிதை", "കവിത", "মাছ", "ગુજરાતી", "ಕನ್ನಡ", "తెలుగు", "සිංහල", "မြန်မာ", "ខ្មែរ", "ລາວ"),
        *("مُحَمَّد", "نرم‌افزار", "اردو", "שָׁלוֹם", "ትግርኛ", "བོད་ཡིག", "ქართული", "հայերեն", "ελληνικά", "Йод", "монгол"),
        *(
            "猫",
            "パリ",
            "ﾊﾟﾘ",
            "ラブライブ",
            "ab〜cd",
            "한국어",
            "año",
            "Düsseldorf",
            "col·lecció",
            "Việt",
            "2nd",
            "a_b",
            "👍",
            "❤️",
            "👩‍👩‍👧",
        ),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("sign", ["#", "＃", "﹟"])
def test_tag_is_complete_word(tag: str, form: str, sign: str) -> None:
    text = unicodedata.normalize(form, f"before {sign}{tag} after, {sign}{tag}!")  # type: ignore[arg-type]
    assert links(text) == [unicodedata.normalize("NFC", f"{sign}{tag}")] * 2


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Dog and #dog, #Été!", ["Dog", "Été"]),
        ("a#b ##c &#39; https://e.org/#top #1 #2nd C#", ["2nd"]),
        ("#a#b＃c", ["a", "b", "c"]),
        ("今日は#猫だ、สวย#แมว", ["猫だ", "แมว"]),
        ("#パリ #バリ", ["パリ", "バリ"]),
        ("#ﾊﾟﾘ #パリ", ["ﾊﾟﾘ"]),
        ("#" + "x" * 60, ["x" * 50]),
        ("#" + "நி" * 60, ["நி" * 50]),
        ("#a_b-c #〜a #a〜 #・", ["a_b", "a"]),
        ("#_ #1_2 #① #1️⃣ #\u0301a #", []),
        ("#a" + "\u0301" * 300, []),
    ],
)
def test_hashtags_start_words(text: str, tags: list[str]) -> None:
    assert list(hashtags(text).values()) == tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://en.wikipedia.org/wiki/Mercury_(planet)", ["https://en.wikipedia.org/wiki/Mercury_(planet)"]),
        ("(see https://e.org/a_(b)). [https://e.org/c]", ["https://e.org/a_(b)", "https://e.org/c"]),
        (
            "https://e.org/a, https://e.org/b! HTTPS://e.org/c?",
            ["https://e.org/a", "https://e.org/b", "HTTPS://e.org/c"],
        ),
        *((f"https://e.org/a{mark}b", ["https://e.org/a"]) for mark in "、。「」，！？：；（）《》…।॥،؛؟“”«»"),
        ("https://e.org/テスト、次", ["https://e.org/テスト"]),
        ("https://ja.wikipedia.org/wiki/ジョン・レノン。", ["https://ja.wikipedia.org/wiki/ジョン・レノン"]),
        ("https://e.org/?q=a&b='c'#top", ["https://e.org/?q=a&b='c'#top"]),
        ("https:// http://. <https://e.org>", ["https://e.org"]),
    ],
)
def test_url_excludes_punctuation_of_sentence(text: str, found: list[str]) -> None:
    assert links(text) == found


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@ada, @Bob! (@eve)", ["ada", "bob", "eve"]),
        ("@ada@mastodon.social me@ada.org @@ada /@ada", []),
        ("＠adaさん、@ada님 こんにちは@bob", ["ada", "ada", "bob"]),
        ("@ad @adaé @ada\u0301 " + "@" + "x" * 31, []),
    ],
)
def test_mention_is_username(text: str, people: list[str]) -> None:
    assert [part.target for part in split_links(text) if part.kind is LinkKind.PERSON] == people


TYPED = st.lists(WRITING | st.sampled_from(["#", "＃", "@", "@ada", "https://", "e.org/", "(", ")", "。", " "])).map(
    "".join
)


@given(text=TYPED)
def test_parts_add_up_to_text(text: str) -> None:
    assert "".join(part.text for part in split_links(text)) == unicodedata.normalize("NFC", text)


@given(text=TYPED)
def test_links_do_not_split_characters(text: str) -> None:
    end, borders = 0, {0}
    for character in graphemes(unicodedata.normalize("NFC", text)):
        end += len(character)
        borders.add(end)
    end = 0
    for part in split_links(text):
        if part.kind is LinkKind.TAG:
            assert {end, end + len(part.text)} <= borders
        end += len(part.text)


@given(text=TYPED)
def test_composed_and_decomposed_texts_have_same_tags(text: str) -> None:
    assert hashtags(unicodedata.normalize("NFD", text)) == hashtags(text)


@given(text=TYPED)
def test_tag_is_parsed_as_itself(text: str) -> None:
    for key, typed in hashtags(text).items():
        assert hashtags(f"#{typed}") == {key: typed}
        assert tag_key(typed) == tag_key(key) == key


def test_tag_is_one_word() -> None:
    assert tag_key("Golden Retriever") == "goldenretriever"
    assert tag_key("dogs") == "dogs", "a tag is not bent"
