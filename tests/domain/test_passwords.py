"""Passwords are equal on all keyboards."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.passwords import MAX_PASSWORD, MAX_PREPARED, NewPassword, prepare_password


@pytest.mark.parametrize(
    "password", ["Großmutter März é", "パスワードがっこうです", "ほげほげ❤️がぎぐげご", "한국어 비밀번호 열글자"]
)
def test_composed_and_decomposed_passwords_are_equal(password: str) -> None:
    forms = {NewPassword(unicodedata.normalize(form, password)).value for form in ("NFC", "NFD")}
    assert len(forms) == 1


def test_all_spaces_are_equal() -> None:
    assert prepare_password("correct\u3000horse") == "correct horse"


def test_case_and_width_are_significant() -> None:
    assert len({prepare_password(password) for password in ("correct", "Correct", "ｃｏｒｒｅｃｔ")}) == 3


@given(password=st.text())
def test_preparation_is_idempotent(password: str) -> None:
    assert prepare_password(prepare_password(password)) == prepare_password(password)
    assert prepare_password(unicodedata.normalize("NFD", password)) == prepare_password(
        unicodedata.normalize("NFC", password)
    )


def test_longest_password_is_prepared_and_longer_input_is_not() -> None:
    longest = "ḗ" * MAX_PASSWORD
    assert prepare_password(unicodedata.normalize("NFD", longest)) == longest
    too_long = "e\u0301" * MAX_PREPARED
    assert prepare_password(too_long) == too_long
