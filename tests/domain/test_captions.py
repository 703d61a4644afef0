import pytest

from domain.captions import MAX_ALT_TEXT, AltText, Source, Suggestion, alt_text_from
from domain.errors import Invalid

DRAFT = Suggestion("A dog.", Source.MODEL, "gpt@1", "en/3")


@pytest.mark.parametrize("based_on_suggestion", [True, False])
@pytest.mark.parametrize("source", [Source.MODEL, Source.LABELS])
def test_unchanged_suggestion_has_source_model(source: Source, *, based_on_suggestion: bool) -> None:
    draft = Suggestion("A dog.", source, "gpt@1")

    taken = alt_text_from("A dog.", draft, based_on_suggestion=based_on_suggestion)

    assert taken == AltText("A dog.", source, "gpt@1")


def test_changed_suggestion_has_source_edited_if_based_on_it() -> None:
    assert alt_text_from("My dog.", DRAFT, based_on_suggestion=True) == AltText("My dog.", Source.EDITED, "gpt@1")
    assert alt_text_from("My dog.", DRAFT, based_on_suggestion=False) == AltText("My dog.", Source.HUMAN)


@pytest.mark.parametrize("based_on_suggestion", [True, False])
def test_text_without_suggestion_has_source_human(*, based_on_suggestion: bool) -> None:
    assert alt_text_from("A dog.", None, based_on_suggestion=based_on_suggestion) == AltText("A dog.", Source.HUMAN)


@pytest.mark.parametrize("text", ["", "  ", "x" * (MAX_ALT_TEXT + 1), "a\x00"])
def test_alt_text_is_limited(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        alt_text_from(text, DRAFT, based_on_suggestion=True)

    assert [error.field for error in refused.value.errors] == ["alt_text"]
