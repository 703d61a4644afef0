"""Names that users choose: rules for displayed names, and names reserved for operators."""

from functools import lru_cache

import regex

from domain.errors import FieldError
from domain.text import text_error
from domain.words import fold, strip_optional_marks

MAX_DISPLAY_NAME = 50
MOST_MARKS = 4
"""The maximum number of marks on one letter. Languages need three; more would cover adjacent lines."""
RESERVED_NAMES = frozenset(
    """
    abuse account accounts admin administrator administrators admins anonymous api contact deleted everybody everyone
    help helpdesk hostmaster info mail moderation moderator moderators mods noreply nobody null official operator
    operators postmaster privacy root security staff support sysadmin system team tintype undefined webmaster
    """.split()  # noqa: SIM905 — one word after another is read more easily
)
"""Names, and lookalikes of them, that only an operator's account may use. Older accounts keep theirs."""

# Joiners shape letters of these scripts. In other scripts they are invisible.
_JOINER_SCRIPTS = (
    r"\p{scx=Arab}\p{scx=Beng}\p{scx=Deva}\p{scx=Gujr}\p{scx=Guru}\p{scx=Khmr}\p{scx=Knda}"
    r"\p{scx=Mlym}\p{scx=Mong}\p{scx=Mymr}\p{scx=Nkoo}\p{scx=Orya}\p{scx=Sinh}\p{scx=Syrc}"
    r"\p{scx=Taml}\p{scx=Telu}\p{scx=Tibt}"
)
_LETTER = rf"[[{_JOINER_SCRIPTS}]&&[\p{{L}}\p{{M}}]]"
_JOINER = regex.compile(rf"(?<={_LETTER})[\u200c\u200d](?={_LETTER})", regex.V1)
_EMOJI = regex.compile(
    r"\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}\U000e0020-\U000e007f]*"
    r"(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)*|[#*0-9]\ufe0f\u20e3",
    regex.V1,
)
_HIDDEN = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]", regex.V1
)
_STACKED = regex.compile(rf"\p{{Mn}}{{{MOST_MARKS + 1},}}")
_BETWEEN_WORDS = regex.compile(r"[[\s\p{P}\p{S}]--[|]]+", regex.V1)
_LOOKALIKE_LETTERS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "i": "l", "l": "i", "|": "il"}


def display_name_error(name: str | None) -> FieldError | None:
    """Return the error of a displayed name, or None."""
    if name is None:
        return None
    if error := text_error("display_name", name, min_length=1, max_length=MAX_DISPLAY_NAME):
        return error
    if hidden := _HIDDEN.search(_JOINER.sub("", _EMOJI.sub("", name))):
        code = f"U+{ord(hidden[0]):04X}"
        detail = f"contains {code}, which is invisible or changes the direction of text; remove it"
        return FieldError("display_name", "bad_character", detail, actual=code)
    if stacked := _STACKED.search(name):
        detail = f"stacks {len(stacked[0])} marks on one letter; at most {MOST_MARKS} are allowed"
        return FieldError("display_name", "too_many_marks", detail, MOST_MARKS, len(stacked[0]))
    if fold(name).startswith("@"):
        detail = "begins with @, which only a username does; leave the @ out"
        return FieldError("display_name", "bad_format", detail, actual=name)
    return None


def reserved_name_error(field: str, name: str | None) -> FieldError | None:
    """Return an error if the name is reserved or looks like a reserved name: `аdmin` with a Cyrillic а, `supp0rt`,
    `_root_`, or a combination such as `Tintype Support`."""
    words = [word for word in _BETWEEN_WORDS.split(name or "") if word]
    if _is_reserved("".join(words)) or (words and all(map(_is_reserved, words))):
        detail = "is reserved for operators, or looks like a reserved name; choose another"
        return FieldError(field, "reserved", detail, actual=name)
    return None


def _is_reserved(word: str) -> bool:
    seen = [_confusable_letters(character) for character in word if character.isalnum() or character == "|"]
    return any(len(seen) == len(one) and all(map(_holds, seen, one)) for one in RESERVED_NAMES)


def _holds(letters: frozenset[str], letter: str) -> bool:
    return letter in letters


@lru_cache(maxsize=4096)
def _confusable_letters(character: str) -> frozenset[str]:
    """Return the letters that a reader may confuse with a character, from Unicode's table of confusables."""
    from confusable_homoglyphs.confusables import confusables_data

    cases = {character, fold(character)}
    shapes = cases | {shape["c"] for case in cases for shape in confusables_data.get(case, ())}
    folded = {strip_optional_marks(fold(shape)) for shape in shapes}
    return frozenset(folded | {letter for shape in folded for letter in _LOOKALIKE_LETTERS.get(shape, "")})
