import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldError, Invalid
from domain.text import checked, fault

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(text=STORABLE)
def test_what_can_be_stored_and_fits_is_returned_as_it_is(text: str) -> None:
    assert checked("text", text, most=len(text)) == text


@given(text=STORABLE.filter(bool))
def test_one_character_too_many_is_named_with_its_limit(text: str) -> None:
    error = fault("text", text, most=len(text) - 1)

    assert error is not None
    assert (error.field, error.code, error.limit, error.actual) == ("text", "too_long", len(text) - 1, len(text))


@pytest.mark.parametrize(("text", "name"), [("a\x00b", "U+0000"), ("\ud83d", "U+D83D"), ("x\udfff", "U+DFFF")])
def test_what_cannot_be_stored_is_named(text: str, name: str) -> None:
    error = fault("text", text, most=100)

    assert error == FieldError(
        "text", "bad_character", f"contains {name}, which cannot be stored; remove it", None, name
    )


def test_an_empty_text_is_too_short() -> None:
    error = fault("text", "", least=1, most=100)

    assert error is not None
    assert (error.code, error.limit, error.actual) == ("too_short", 1, 0)
    assert "1 character is needed" in error.detail


@pytest.mark.parametrize(
    "text", [" ", "\n\t\u2003", "\u3000", "\u3164", "\u2800", "\u200b\u2060", "\x01", "\u115f\u00ad"]
)
@pytest.mark.parametrize("least", [1, 10])
def test_a_text_of_blanks_alone_is_refused_as_such(text: str, least: int) -> None:
    with pytest.raises(Invalid) as refused:
        checked("text", text * least, least=least, most=100)

    (error,) = refused.value.errors
    assert (error.code, error.limit) == ("blank", least)
    assert "only blanks" in error.detail


def test_space_is_fine_where_nothing_is_needed() -> None:
    assert checked("text", "  ", most=2) == "  "


def test_lengths_count_characters_not_bytes() -> None:
    assert fault("text", "🐕" * 10, least=10, most=10) is None
