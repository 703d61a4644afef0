import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldError, Invalid
from domain.text import text_error, validate_text

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(text=STORABLE)
def test_valid_text_is_unchanged(text: str) -> None:
    assert validate_text("text", text, max_length=len(text)) == text


@given(text=STORABLE.filter(bool))
def test_too_long_text_is_refused_with_limit(text: str) -> None:
    error = text_error("text", text, max_length=len(text) - 1)

    assert error is not None
    assert (error.field, error.code, error.limit, error.actual) == ("text", "too_long", len(text) - 1, len(text))


@pytest.mark.parametrize(("text", "name"), [("a\x00b", "U+0000"), ("\ud83d", "U+D83D"), ("x\udfff", "U+DFFF")])
def test_unstorable_characters_are_refused(text: str, name: str) -> None:
    error = text_error("text", text, max_length=100)

    assert error == FieldError(
        "text", "bad_character", f"contains {name}, which cannot be stored; remove it", None, name
    )


def test_empty_text_is_too_short() -> None:
    error = text_error("text", "", min_length=1, max_length=100)

    assert error is not None
    assert (error.code, error.limit, error.actual) == ("too_short", 1, 0)
    assert "1 character is needed" in error.detail


@pytest.mark.parametrize(
    "text", [" ", "\n\t\u2003", "\u3000", "\u3164", "\u2800", "\u200b\u2060", "\x01", "\u115f\u00ad"]
)
@pytest.mark.parametrize("least", [1, 10])
def test_blank_text_is_refused(text: str, least: int) -> None:
    with pytest.raises(Invalid) as refused:
        validate_text("text", text * least, min_length=least, max_length=100)

    (error,) = refused.value.errors
    assert (error.code, error.limit) == ("blank", least)
    assert "only blanks" in error.detail


def test_blank_optional_text_is_accepted() -> None:
    assert validate_text("text", "  ", max_length=2) == "  "


def test_lengths_count_characters_not_bytes() -> None:
    assert text_error("text", "🐕" * 10, min_length=10, max_length=10) is None
