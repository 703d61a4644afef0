"""Words of every script: segmentation, folding and stemming."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import regex

MAX_WORD_LENGTH = 200
"""The number of characters compared; further ones are ignored."""

# Scripts that write words without spaces between them.
_SCRIPTS = (
    r"\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}"
    r"\p{scx=Khmr}\p{scx=Mymr}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}"
)
UNSPACED = rf"[[{_SCRIPTS}]&&[\p{{L}}\p{{M}}\p{{N}}]]"
_EMOJI = r"[\p{Extended_Pictographic}--[\u0000-\u22ff]]"
# Flags are pairs of letters. \X alone would count them again from each position.
_FLAG = r"\p{Regional_Indicator}{2}[\p{M}\u200c\u200d\p{Emoji_Modifier}]*+"
# What may precede a letter within its grapheme. Bounded, because it is matched again at each character of a long run.
_BEFORE = r"\p{Grapheme_Cluster_Break=Prepend}{0,4}"
GRAPHEME = rf"(?:{_FLAG}|(?={_BEFORE}(?:[\p{{L}}\p{{N}}_]|{_EMOJI}))\X)"
"""One character of a word as readers see it: a letter with its marks, a digit, an emoji of several parts."""
VOWEL = r"(?:(?=\p{M})\X)"
"""A vowel sign that is a character of its own, as in Burmese. It begins no word."""

_UNSPACED_GRAPHEME = rf"(?:{_FLAG}|(?={_BEFORE}(?:{UNSPACED}|{_EMOJI}))\X)"
_SPACED_GRAPHEME = rf"(?:(?={_BEFORE}[[\p{{L}}\p{{N}}_]--{UNSPACED}])\X)"
_RUN = regex.compile(
    rf"(?P<unspaced>(?!\p{{M}}){_UNSPACED_GRAPHEME}(?:{_UNSPACED_GRAPHEME}|{VOWEL})*)"
    rf"|{_SPACED_GRAPHEME}(?:{_SPACED_GRAPHEME}|{VOWEL})*",
    regex.V1,
)
_GRAPHEME = regex.compile(rf"{_FLAG}|\X", regex.V1)
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+", regex.V1)
_DIGITS = regex.compile(r"[\p{N}\p{M}_]*", regex.V1)

# Marks that writers often omit: accents of Latin and Greek, vowel points of Arabic and Hebrew.
_OPTIONAL = regex.compile(
    r"(?<=[\p{Latin}\p{Greek}]\p{Mn}*)\p{Mn}|[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """Return the text without case, width and invisible characters: Unicode's NFKC_Casefold. Marks remain, because they
    distinguish words (año, ano; パリ, バリ). The dotted capital of Turkish becomes a plain i."""
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    twice = unicodedata.normalize("NFKC", _IGNORABLE.sub("", once.casefold()))
    return twice.replace("i\u0307", "i")


def strip_optional_marks(word: str) -> str:
    """Return a folded word without the marks that many keyboards lack: `café` becomes `cafe`. A word of such marks
    alone remains."""
    decomposed = unicodedata.normalize("NFD", word.translate(_PLAIN_LETTERS))
    return unicodedata.normalize("NFC", _OPTIONAL.sub("", decomposed)) or word


def indexed_words(text: str) -> list[str]:
    """Return the index terms of a text. Scripts without spaces give every character and every pair of neighbours."""
    return [
        word
        for run, unspaced in _split_runs(text)
        for word in (_characters(run) + _pairs(run) if unspaced else [stem(run)])
    ]


def query_words(text: str) -> list[list[str]]:
    """Return, for each word of a query, all index terms that a matching text must have."""
    return [(_pairs(run) or _characters(run)) if unspaced else [stem(run)] for run, unspaced in _split_runs(text)]


def join_words(text: str) -> str:
    """Return the beginning of a text as one folded word: `Golden Retriever` becomes `goldenretriever`."""
    return "".join(run for run, _ in _split_runs(text[: 5 * MAX_WORD_LENGTH]))[:MAX_WORD_LENGTH]


def is_name(word: str) -> bool:
    """Whether a folded word contains more than digits."""
    return _DIGITS.fullmatch(word) is None


def graphemes(text: str) -> list[str]:
    """Return the characters of a text as readers see them."""
    return [match[0] for match in _GRAPHEME.finditer(text)]


def stem(word: str) -> str:
    """Return the word without a plural ending, by the S stemmer: D. Harman, "How effective is suffixing?", JASIS 42(1),
    1991."""
    return _strip_plural(word)[:MAX_WORD_LENGTH]


def _split_runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield folded words, and for each whether its script writes no spaces between words. Folding happens after
    splitting: before, it would join `™` to the preceding word. What folding separates is split again."""
    for typed in _RUN.finditer(unicodedata.normalize("NFC", text)):
        for run in _RUN.finditer(fold(typed[0])):
            yield run[0], run["unspaced"] is not None


def _characters(run: str) -> list[str]:
    return [character[:MAX_WORD_LENGTH] for character in graphemes(run)]


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(_characters(run))]


def _strip_plural(word: str) -> str:
    if len(word) <= len("ies") or word[-1] != "s":
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]
