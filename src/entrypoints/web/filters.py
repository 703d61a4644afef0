"""Template filters: counts, times, and text with links."""

import unicodedata
from urllib.parse import quote

from markupsafe import Markup, escape

from domain import links
from domain.captions import AltText, Source, Suggestion
from domain.decisions import Decision
from domain.effects import Effect, TargetKind
from domain.images import Image
from domain.links import TextPart, split_links, tag_key
from domain.notifications import NotificationKind
from domain.rankings import RankedPost
from domain.understanding import State, Task, Understanding
from domain.words import graphemes
from entrypoints.wording import format_ago, format_duration, incomplete_note, pluralize

__all__ = [
    "alt_text",
    "attribution",
    "describe_action",
    "describe_classification",
    "describe_decision",
    "describe_effect",
    "explain_rank",
    "format_ago",
    "format_duration",
    "incomplete_note",
    "initial",
    "isolate",
    "link_text",
    "percent",
    "pluralize",
    "shorten",
    "tag_key",
    "two_decimals",
]

_BIDIRECTIONAL = {"R", "AL", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}
_POSTPONED = {
    "model_missing": "no model is installed; the operator installs one with `tintype model install`",
    "classifier_away": "the model is unreachable",
}
_VERBS = {
    NotificationKind.FOLLOW: "follows you",
    NotificationKind.FOLLOW_REQUEST: "requests to follow you",
    NotificationKind.LIKE: "likes your post",
    NotificationKind.COMMENT: "comments on your post",
    NotificationKind.DECISION: "A moderator decided about you or your content",
}
_PLURAL_VERBS = _VERBS | {
    NotificationKind.FOLLOW: "follow you",
    NotificationKind.FOLLOW_REQUEST: "request to follow you",
    NotificationKind.LIKE: "like your post",
    NotificationKind.COMMENT: "comment on your post",
}


_EFFECTS = {
    Effect.NONE: "No effect: dismiss the reports, end an earlier effect",
    Effect.HIDE: "Hide",
    Effect.MARK_SENSITIVE: "Mark as sensitive",
    Effect.LIMIT: "Limit: leave out of rankings and search",
    Effect.SUSPEND: "Suspend",
    Effect.DELETE: "Delete",
    Effect.QUARANTINE: "Quarantine",
}
_OUTCOMES = {
    Effect.NONE: "was looked at, without an effect",
    Effect.HIDE: "is hidden",
    Effect.MARK_SENSITIVE: "is marked as sensitive",
    Effect.LIMIT: "is left out of rankings and search",
    Effect.SUSPEND: "is suspended",
    Effect.DELETE: "was deleted",
    Effect.QUARANTINE: "is held back",
}


def describe_effect(effect: Effect) -> str:
    """Return the effect as a choice of a moderator."""
    return _EFFECTS[effect]


def describe_decision(decision: Decision) -> str:
    """Return the effect of a decision as its user reads it."""
    end = f" until {decision.until:%-d %B %Y, %H:%M} UTC" if decision.until else ""
    target = "account" if decision.target.kind is TargetKind.USER else decision.target.kind.value
    return f"The {target} {_OUTCOMES[decision.effect]}{end}"


def two_decimals(number: float) -> str:
    return f"{number:.2f}"


def percent(share: float) -> str:
    return f"{share:.0%}"


def link_text(text: str) -> Markup:
    """Return a user's text, escaped, with links for tags, usernames and URLs."""
    return Markup("").join(_link_part(part) for part in split_links(text))


def _link_part(part: TextPart) -> Markup:
    match part.kind:
        case links.LinkKind.PERSON:
            return Markup('<a href="/@{}">{}</a>').format(part.target, part.text)
        case links.LinkKind.TAG:
            return Markup('<a href="/tags/{}">{}</a>').format(quote(part.target), part.text)
        case links.LinkKind.URL:
            return Markup('<a href="{}" rel="nofollow noopener ugc">{}</a>').format(part.target, part.text)
    return escape(part.text)


def shorten(text: str, length: int) -> str:
    """Return the beginning of a text, cut between two characters as readers see them."""
    characters = graphemes(text)
    return text if len(characters) <= length else "".join(characters[: length - 1]) + "…"


def initial(name: str) -> str:
    """Return the letter displayed for a user without an avatar."""
    return graphemes(name)[0].upper() if name else ""


def isolate(text: str) -> str:
    """Return a text in Unicode's isolates if it could change the direction of the surrounding text. For places that
    allow no element."""
    turns = any(unicodedata.bidirectional(character) in _BIDIRECTIONAL for character in text)
    return f"\u2068{text}\u2069" if turns else text


def alt_text(image: Image) -> str:
    """Return the alt text of an image; without one, a text with its labels. A text that nobody edited begins with its
    origin, because a screen reader says nothing else about it."""
    if image.alt_text:
        by_machine = image.alt_text.source in {Source.MODEL, Source.LABELS}
        return f"Described by a model: {image.alt_text.text}" if by_machine else image.alt_text.text
    labels = ", ".join(label.name for label in image.public_labels)
    return f"An image without a description, labelled: {labels}" if labels else "An image without a description"


def attribution(text: AltText | Suggestion) -> str:
    """Return the origin of a text. Texts by a model are marked."""
    machine = "the labels" if text.source is Source.LABELS else text.model or "a model"
    return {
        Source.HUMAN: "written by its owner",
        Source.EDITED: f"drafted by {machine}, edited by its owner",
        Source.MODEL: f"drafted by {machine}",
        Source.LABELS: f"drafted from {machine}",
    }[text.source]


def describe_classification(image: Image) -> str:
    """Return the state of the classification, for images without a label."""
    row = image.understanding[Task.CLASSIFICATION]
    if row.open:
        return _describe_unfinished(row)
    if row.state is State.FAILED:
        reason = f": {row.error}" if row.error else ""
        return f"The model could not classify this image{reason}"
    return "The model is not sure of any label"


def _describe_unfinished(row: Understanding) -> str:
    if row.state is State.RUNNING:
        return "The model is classifying this image…"
    reason = _POSTPONED.get(row.error or "", "")
    return f"Not classified yet: {reason}" if reason else "The model will classify this image soon…"


def explain_rank(ranked: RankedPost) -> str:
    """Return the score with its parts, so that readers can recompute it."""
    likes, age = pluralize(ranked.why.likes, "like"), format_duration(ranked.why.age_seconds)
    if ranked.why.half_life_seconds is None:
        return f"Number {ranked.rank} with {likes}; of posts with equal likes, the newer one comes first."
    return (
        f"Number {ranked.rank} with a score of {ranked.score:.2f}: log₂(1 + {ranked.why.likes:,}) for its {likes}, "
        f"minus its age ({age}) in half-lives of {format_duration(ranked.why.half_life_seconds)}."
    )


def describe_action(kind: NotificationKind, several: bool) -> str:
    return (_PLURAL_VERBS if several else _VERBS)[kind]
