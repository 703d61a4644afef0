import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldError, Invalid
from domain.text import text_error, validate_text

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(text=STORABLE)
def test_what_can_be_stored_and_fits_is_returned_as_it_is(text: str) -> None:
    assert validate_text("text", text, max_length=len(text)) == text


@given(text=STORABLE.filter(bool))
def test_one_character_too_many_is_named_with_its_limit(text: str) -> None:
    error = text_error("text", text, max_length=len(text) - 1)

    assert error is not None
    assert (error.field, error.code, error.limit, error.actual) == ("text", "too_long", len(text) - 1, len(text))


@pytest.mark.parametrize(("text", "name"), [("a\x00b", "U+0000"), ("\ud83d", "U+D83D"), ("x\udfff", "U+DFFF")])
def test_what_cannot_be_stored_is_named(text: str, name: str) -> None:
    error = text_error("text", text, max_length=100)

    assert error == FieldError(
        "text", "bad_character", f"contains {name}, which cannot be stored; remove it", None, name
    )


def test_an_empty_text_is_too_short() -> None:
    error = text_error("text", "", min_length=1, max_length=100)

    assert error is not None
    assert (error.code, error.limit, error.actual) == ("too_short", 1, 0)
    assert "1 character is needed" in error.detail


@pytest.mark.parametrize(
    "text", [" ", "\n\t\u2003", "\u3000", "\u3164", "\u2800", "\u200b\u2060", "\x01", "\u115f\u00ad"]
)
@pytest.mark.parametrize("least", [1, 10])
def test_a_text_of_blanks_alone_is_refused_as_such(text: str, least: int) -> None:
    with pytest.raises(Invalid) as refused:
        validate_text("text", text * least, min_length=least, max_length=100)

    (error,) = refused.value.errors
    assert (error.code, error.limit) == ("blank", least)
    assert "only blanks" in error.detail


def test_space_is_fine_where_nothing_is_needed() -> None:
    assert validate_text("text", "  ", max_length=2) == "  "


def test_lengths_count_characters_not_bytes() -> None:
    assert text_error("text", "🐕" * 10, min_length=10, max_length=10) is None
