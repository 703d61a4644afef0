import base64
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.pages import BadCursor, Position

FINITE = st.floats(allow_nan=False, allow_infinity=False)
POSITIONS = st.builds(Position, st.uuids(), FINITE, st.integers(0, 2**32 - 1))
SOMEWHERE = Position(UUID(int=7), 2.5, 3)


@given(position=POSITIONS, scope=st.text())
def test_cursor_round_trip(position: Position, scope: str) -> None:
    assert Position.parse(position.cursor(scope), scope) == position


@given(position=POSITIONS)
def test_cursor_is_url_safe(position: Position) -> None:
    assert position.cursor("posts").replace("-", "a").replace("_", "a").isalnum()


@given(position=POSITIONS, scope=st.text(), other=st.text())
def test_cursor_of_other_list_is_refused(position: Position, scope: str, other: str) -> None:
    assume(scope != other)

    with pytest.raises(BadCursor):
        Position.parse(position.cursor(scope), other)


@given(position=POSITIONS, where=st.integers(min_value=0), letter=st.characters())
def test_modified_cursor_is_refused(position: Position, where: int, letter: str) -> None:
    cursor = position.cursor("posts")
    where %= len(cursor)
    assume(cursor[where] != letter)

    with pytest.raises(BadCursor):
        Position.parse(cursor[:where] + letter + cursor[where + 1 :], "posts")


@given(cursor=st.text())
def test_any_other_text_is_refused_with_message(cursor: str) -> None:
    with pytest.raises(BadCursor, match="start again without one"):
        Position.parse(cursor, "posts")


@pytest.mark.parametrize(
    "change", [lambda cursor: cursor[:-1], lambda cursor: cursor + "=", lambda cursor: cursor + "A", str.lower]
)
def test_cursor_has_one_encoding(change: object) -> None:
    assert callable(change)

    with pytest.raises(BadCursor):
        Position.parse(change(SOMEWHERE.cursor("posts")), "posts")


def test_position_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(BadCursor):
        Position.parse(Position(SOMEWHERE.id, float("nan")).cursor("posts"), "posts")
    with pytest.raises(BadCursor):
        Position.parse(base64.urlsafe_b64encode(b"").decode(), "posts")
