"""Text that people send: the rules every string obeys, wherever it enters."""

import re
import unicodedata

import regex

from domain.errors import FieldError, Invalid

_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}
_BLANK = regex.compile(r"[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+", regex.V1)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def fault(field: str, text: str, *, least: int = 0, most: int) -> FieldError | None:
    """What is wrong with `text`, or None. Lengths count characters; where one is needed, one must be visible."""
    if found := _UNSTORABLE.search(text):
        name = f"U+{ord(found[0]):04X}"
        return FieldError(field, "bad_character", f"contains {name}, which cannot be stored; remove it", actual=name)
    length = len(text)
    if length > most:
        return FieldError(field, "too_long", f"is {length} characters long; at most {most} are taken", most, length)
    if least and _BLANK.fullmatch(text):
        return FieldError(field, "blank", "holds only blanks; characters that can be seen are needed", least, length)
    if length < least:
        plural = "character is" if least == 1 else "characters are"
        return FieldError(
            field, "too_short", f"is {length} characters long; at least {least} {plural} needed", least, length
        )
    return None


def checked(field: str, text: str, *, least: int = 0, most: int) -> str:
    """`text` itself. Raises `Invalid` naming the field, the rule, the limit and the actual length."""
    if error := fault(field, text, least=least, most=most):
        raise Invalid.of(error)
    return text


def plain(text: str) -> str:
    """`text` on one line: what cannot be stored and every other control character become a space, and so do runs of
    space."""
    kept = (" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in text)
    return " ".join("".join(kept).split())
