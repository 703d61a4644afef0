"""Links in a text: URLs, usernames and tags. The web UI and the search index parse text with the same rules."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import regex

from domain.words import GRAPHEME, MAX_WORD_LENGTH, UNSPACED, VOWEL, is_name, join_words

MAX_TAG_GRAPHEMES = 50
"""Maximum length of a tag in graphemes. The rest of a longer word is not part of the tag."""


class LinkKind(StrEnum):
    TEXT = "text"
    URL = "url"
    PERSON = "person"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text as typed. `target` is the address, the username or the tag key that it links to."""

    kind: LinkKind
    text: str
    target: str = ""


# Characters inside a tag, as in twitter-text: wave dashes, and points of Japanese, Tibetan, Catalan, Hebrew and
# Slavonic.
_MEDIAL = r"[\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7\ua67e\u05be\u05f3\u05f4]"
_TAG = rf"[#\uff03\ufe5f]{GRAPHEME}(?:{_MEDIAL}?{GRAPHEME}|{VOWEL}){{0,{MAX_TAG_GRAPHEMES - 1}}}"
# No link begins directly after a word, except in scripts without spaces between words.
_SPACED = rf"[[\w\p{{M}}\u200c\u200d]--{UNSPACED}]"
_PERSON = r"[@\uff20][A-Za-z0-9_]{3,30}"
_LINK = regex.compile(
    r"(?P<url>[Hh][Tt]{2}[Pp][Ss]?://[[!-~\p{L}\p{M}\p{N}\p{Pd}\p{Pc}\u200c\u200d\u00b7\u30fb]--[<>\"`]]+)"
    rf"|(?<!{_SPACED}|[@\uff20/.])(?:(?P<elsewhere>[@\uff20][\w.-]+[@\uff20][\w.-]*\w)"
    rf"|(?P<person>{_PERSON})(?!{_SPACED}|[@\uff20]))"
    rf"|(?<!{_SPACED}|[&#\uff03\ufe5f/])(?P<tags>(?:{_TAG})+)",
    regex.V1,
)
_EACH_TAG = regex.compile(_TAG, regex.V1)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_ENDING = ".,:;!?'*~_-"


def split_links(text: str) -> Iterator[TextPart]:
    """Yield the whole text in parts, in Unicode's composed form (NFC)."""
    text, end = unicodedata.normalize("NFC", text), 0
    for match in _LINK.finditer(text):
        for start, part in _parse_match(match):
            yield TextPart(LinkKind.TEXT, text[end:start])
            yield part
            end = start + len(part.text)
    yield TextPart(LinkKind.TEXT, text[end:])


def hashtags(text: str) -> dict[str, str]:
    """Return the tags in a text: the key of each, and its first spelling."""
    tags: dict[str, str] = {}
    for part in split_links(text):
        if part.kind is LinkKind.TAG:
            tags.setdefault(part.target, part.text[1:])
    return tags


def tag_key(name: str) -> str:
    """Return the form in which a tag is stored and compared."""
    return join_words(name)


def _parse_match(match: "regex.Match[str]") -> Iterator[tuple[int, TextPart]]:
    if url := match["url"]:
        url_text = _strip_punctuation(url)
        if len(url_text) > len("https://"):
            yield match.start(), TextPart(LinkKind.URL, url_text, url_text)
    elif person := match["person"]:
        yield match.start(), TextPart(LinkKind.PERSON, person, person[1:].lower())
    elif match["tags"]:
        for tag in _EACH_TAG.finditer(match["tags"]):
            key = tag_key(tag[0])
            if is_name(key) and len(tag[0]) <= MAX_WORD_LENGTH:
                yield match.start() + tag.start(), TextPart(LinkKind.TAG, tag[0], key)


def _strip_punctuation(url: str) -> str:
    """Remove the punctuation of the sentence: `(see https://example.org/a_(b)).` links to
    `https://example.org/a_(b)`."""
    while url and (url[-1] in _ENDING or (url[-1] in _CLOSING and url.count(url[-1]) > url.count(_CLOSING[url[-1]]))):
        url = url[:-1]
    return url
