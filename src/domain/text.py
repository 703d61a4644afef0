"""Text that people send: the rules every string obeys, wherever it enters."""

import re
import unicodedata

from domain.errors import FieldError, Invalid

_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def fault(field: str, text: str, *, least: int = 0, most: int) -> FieldError | None:
    """What is wrong with `text`, or None. Lengths count characters; text of nothing but space counts as empty."""
    if found := _UNSTORABLE.search(text):
        name = f"U+{ord(found[0]):04X}"
        return FieldError(field, "bad_character", f"contains {name}, which cannot be stored; remove it", actual=name)
    length = len(text)
    if length > most:
        return FieldError(field, "too_long", f"is {length} characters long; at most {most} are taken", most, length)
    if length < least or (least and not text.strip()):
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
