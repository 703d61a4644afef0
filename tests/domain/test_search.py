"""What of a post can be found."""

import pytest

from domain.errors import Invalid
from domain.search import (
    LARGEST_DOCUMENT,
    MAX_QUERY,
    Document,
    Picture,
    Place,
    SaidBy,
    folded,
    hashtags,
    question,
    tag_of,
    words,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two dogs, one cat.", ["two", "dog", "one", "cat"]),
        ("ponies horses glasses bus grass tree's", ["pony", "horse", "glasse", "bus", "grass", "tree", "s"]),
        ("toes trees eyes is as", ["toes", "trees", "eye", "is", "as"]),
        ("Ünïcode ÉTÉ straße", ["unicode", "ete", "strasse"]),
        ("日本 snake_case 42", ["日本", "snake_case", "42"]),
        ("!?… \n", []),
    ],
)
def test_words_are_folded_and_lose_a_plurals_ending(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Dog and #dog, #Été!", ["dog", "ete"]),
        ("a#b ##c &#39; https://e.org/#top #1 #2nd", ["2nd"]),
        ("#" + "x" * 60, ["x" * 50]),
        ("#a_b-c", ["a_b"]),
        ("", []),
    ],
)
def test_hashtags_are_typed_words(text: str, found: list[str]) -> None:
    assert hashtags(text) == found


def test_a_tag_is_one_word() -> None:
    assert tag_of("Golden Retriever") == "goldenretriever"
    assert tag_of("dogs") == "dogs", "a tag is not bent"


def test_the_best_place_of_a_word_counts() -> None:
    picture = Picture("a dog by the sea", ("golden retriever",), ("dog", "animal"))
    document = Document.of("Dog #walk", [picture])
    assert document.words["dog"] is Place.TEXT
    assert document.words["sea"] is Place.ALT_TEXT
    assert document.words["animal"] is Place.LABEL
    assert document.tags["dog"] == {SaidBy.MODEL}
    assert document.tags["walk"] == {SaidBy.HUMAN}
    assert document.tags["goldenretriever"] == {SaidBy.MODEL}
    assert document.score(["dog", "sea", "animal"]) == 1.75
    assert document.score(["dog", "cat"]) is None


def test_a_document_is_bounded() -> None:
    assert len(Document.of(" ".join(f"w{number}x" for number in range(3_000)), []).words) == LARGEST_DOCUMENT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "too_short"),
        ("  ", "too_short"),
        ("!!", "no_word"),
        ("x" * (MAX_QUERY + 1), "too_long"),
        (" ".join(f"a{number}" for number in range(21)), "too_many_words"),
        ("a\0b", "bad_character"),
    ],
)
def test_a_question_without_an_answer_is_told_why(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        question(text)
    assert [error.code for error in refused.value.errors] == [code]


def test_a_word_asked_for_twice_is_asked_for_once() -> None:
    assert question("dog dogs DOG sea") == ["dog", "sea"]


def test_folding_is_done_once_and_for_all() -> None:
    for text in ("Ångström", "ﬁne", "ÀÉ", "İstanbul", "ß"):
        assert folded(folded(text)) == folded(text)
