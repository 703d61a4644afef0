"""Rules for every text that users send."""

import re
import unicodedata

import regex

from domain.errors import FieldError, Invalid

_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}
_BLANK = regex.compile(r"[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+", regex.V1)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def text_error(field: str, text: str, *, min_length: int = 0, max_length: int) -> FieldError | None:
    """Return the error of `text`, or None. Lengths count characters. Where at least one is required, one must be
    visible."""
    if match := _UNSTORABLE.search(text):
        name = f"U+{ord(match[0]):04X}"
        return FieldError(field, "bad_character", f"contains {name}, which cannot be stored; remove it", actual=name)
    length = len(text)
    if length > max_length:
        return FieldError(
            field, "too_long", f"is {length} characters long; at most {max_length} are allowed", max_length, length
        )
    if min_length and _BLANK.fullmatch(text):
        return FieldError(field, "blank", "contains only blanks; visible characters are required", min_length, length)
    if length < min_length:
        plural = "character is" if min_length == 1 else "characters are"
        return FieldError(
            field,
            "too_short",
            f"is {length} characters long; at least {min_length} {plural} needed",
            min_length,
            length,
        )
    return None


def validate_text(field: str, text: str, *, min_length: int = 0, max_length: int) -> str:
    """Return `text` unchanged. Raises `Invalid` with the field, the rule, the limit and the actual length."""
    if error := text_error(field, text, min_length=min_length, max_length=max_length):
        raise Invalid.of(error)
    return text


def to_single_line(text: str) -> str:
    """Return `text` on one line. Control characters and those that cannot be stored become a space, and runs of spaces
    become one."""
    visible = (" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in text)
    return " ".join("".join(visible).split())


def without_unstorable(text: str) -> str:
    """Return `text` without the characters that cannot be stored."""
    return _UNSTORABLE.sub("", text)


def is_blank(text: str) -> bool:
    """Whether nothing of the text is visible."""
    return not text or _BLANK.fullmatch(text) is not None
