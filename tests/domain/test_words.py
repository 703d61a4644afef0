"""Words of all scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.search import Document, parse_query
from domain.words import fold, graphemes, indexed_words, join_words, query_words, strip_optional_marks

WRITING = st.text(
    st.sampled_from("aßİıſéœŁ９ﬁ™½²٣①_ .,#-'\"\\\n")
    | st.sampled_from("日本語猫々ひらがなパバﾊﾟーｶﾞ한국어각สวัสดีกำลາວខ្មែរမြန်မာ")
    | st.sampled_from("दिनदानहिन्दीকখ্ষதமிழ்മലയാളംසිංහලநنرمافزارמֻשָׁלוֹםЙйЁё")
    | st.sampled_from("👍👩👧🏽❤☕🇫🇷\ufe0f\u200d\u200c\u0301\u0308\u3099\u20e3\u1100\u1161\u11a8\u0600\ufdfa\u00ad")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Two dogs, one cat.", ["two", "dog", "one", "cat"]),
        ("ponies horses glasses bus grass tree's", ["pony", "horse", "glasse", "bus", "grass", "tree", "s"]),
        ("toes trees eyes is as", ["toes", "trees", "eye", "is", "as"]),
        ("Ünïcode ÉTÉ straße İstanbul Foo™ m²", ["ünïcode", "été", "strasse", "istanbul", "foo", "m2"]),
        ("snake_case 42 ４２ ＡＢＣ", ["snake_case", "42", "42", "abc"]),
        ("हिन्दी दिन தமிழ் മലയാളം মাছ", ["हिन्दी", "दिन", "தமிழ்", "മലയാളം", "মাছ"]),
        ("مُحَمَّد נרם שָׁלוֹם نرم‌افزار", ["مُحَمَّد", "נרם", "שָׁלוֹם", "نرمافزار"]),
        ("日本 猫 パリ ﾊﾟﾘ", ["日本", "猫", "パリ", "パリ"]),
        ("iPhone買った", ["iphone", "買っ", "った"]),
        ("สวัสดี 한국어", ["สวั", "วัส", "สดี", "한국", "국어"]),
        ("👩‍👩‍👧 🇫🇷❤️", ["👩👩", "👩👧", "🇫🇷❤"]),
        ("!?… \n", []),
    ],
)
def test_word_boundaries_of_scripts(text: str, asked: list[str]) -> None:
    assert [part for word in query_words(text) for part in word] == asked


@pytest.mark.parametrize(
    ("one", "other"),
    [("パリ", "バリ"), ("パン", "ハン"), ("año", "ano"), ("Йод", "Иод"), ("दिन", "दान"), ("คน", "คืน"), ("ısı", "isi")],
)
def test_different_words_are_not_equal(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAFÉ", "café"),
        ("ﾊﾟﾘ", "パリ"),
        ("Ａｄａ", "ada"),
        ("STRASSE", "straße"),
        ("İSTANBUL", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("نرم‌افزار", "نرمافزار"),
        ("❤️", "❤"),
        ("soft\u00adly", "softly"),
    ],
)
def test_case_width_and_invisible_characters_are_ignored(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("word", "loose"),
    [
        ("café", "cafe"),
        ("łódź", "lodz"),
        ("tiếng", "tieng"),
        ("αθήνα", "αθηνα"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ـ", "ـ"),
        ("ёлка", "елка"),
        ("йод", "йод"),
        ("バリ", "バリ"),
        ("दिन", "दिन"),
        ("วัส", "วัส"),
    ],
)
def test_only_omissible_marks_are_optional(word: str, loose: str) -> None:
    assert strip_optional_marks(word) == loose


@given(text=WRITING)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert strip_optional_marks(strip_optional_marks(fold(text))) == strip_optional_marks(fold(text))


@given(text=WRITING)
def test_composed_and_decomposed_texts_have_same_words(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert indexed_words(apart) == indexed_words(text)
    assert join_words(apart) == join_words(text)


@given(before=WRITING, word=WRITING, after=WRITING)
def test_all_words_of_text_are_found(before: str, word: str, after: str) -> None:
    document = Document.of(f"{before} {word} {after}", [])
    for asked in query_words(word):
        assert document.score(asked) is not None


@given(
    text=st.text(
        st.sampled_from("日本語猫カガひらสวัสดีกำ한글각👍👩\u200d🏽\ufe0f🇫🇷\u3099ー々"), min_size=1, max_size=20
    ),
    data=st.data(),
)
def test_all_parts_of_unspaced_text_are_found(text: str, data: st.DataObject) -> None:
    characters = graphemes(unicodedata.normalize("NFC", text))
    start = data.draw(st.integers(0, len(characters) - 1))
    end = data.draw(st.integers(start + 1, len(characters)))
    document = Document.of(text, [])
    for word in query_words("".join(characters[start:end])):
        assert document.score(word) is not None


def test_last_word_of_longest_text_is_found() -> None:
    text = "".join(chr(0x4E00 + number * 7) for number in range(2_200))
    document = Document.of(text, [])
    assert document.score(parse_query(text[-200:])) is not None
