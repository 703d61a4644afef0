"""The search document of a post."""

import pytest

from domain.errors import Invalid
from domain.search import (
    MAX_DOCUMENT_WORDS,
    MAX_QUERY,
    Document,
    Field,
    ImageText,
    TagSource,
    parse_query,
)


def test_best_field_of_word_counts() -> None:
    image = ImageText("a dog by the sea", ("golden retriever",), ("dog", "animal"))
    document = Document.of("Dog #walk", [image])
    assert document.words["dog"] is Field.TEXT
    assert document.words["sea"] is Field.ALT_TEXT
    assert document.words["animal"] is Field.LABEL
    assert document.tags["dog"] == {TagSource.MODEL}
    assert document.tags["walk"] == {TagSource.HUMAN}
    assert document.tags["goldenretriever"] == {TagSource.MODEL}
    assert document.score(["dog", "sea", "animal"]) == 1.75
    assert document.score(["dog", "cat"]) is None


@pytest.mark.parametrize(
    ("text", "asked", "score"),
    [
        ("café", "café", 1.0),
        ("café", "cafe", 0.125),
        ("cafe", "café", 0.125),
        ("cafè", "café", 0.125),
        ("مُحَمَّد", "محمد", 0.125),
        ("バリ", "パリ", None),
        ("दान", "दिन", None),
    ],
)
def test_other_accents_rank_after_exact_ones(text: str, asked: str, score: float | None) -> None:
    assert Document.of(text, []).score(parse_query(asked)) == score


def test_tag_keeps_first_spelling() -> None:
    assert Document.of("#Été #ÉTÉ #ab〜cd", []).typed_tags == {"été": "Été", "abcd": "ab〜cd"}


def test_document_size_is_limited() -> None:
    assert len(Document.of(" ".join(f"w{number}x" for number in range(6_000)), []).words) == MAX_DOCUMENT_WORDS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "too_short"),
        ("  ", "blank"),
        ("!!", "no_word"),
        ("x" * (MAX_QUERY + 1), "too_long"),
        (" ".join(f"a{number}" for number in range(21)), "too_many_words"),
        ("a\0b", "bad_character"),
    ],
)
def test_invalid_query_is_refused_with_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_query(text)
    assert [error.code for error in refused.value.errors] == [code]


def test_repeated_word_is_searched_once() -> None:
    assert parse_query("dog dogs DOG sea") == ["dog", "sea"]


def test_sentence_without_spaces_is_one_word() -> None:
    assert parse_query("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。")[:2] == ["吾輩", "輩は"]
