"""What templates say of values: counts, times, text with its links."""

import re

from markupsafe import Markup, escape

from domain.captions import AltText, Source, Suggestion
from domain.ids import UserId
from domain.images import Image
from domain.notifications import Kind
from domain.ranking import Ranked
from domain.search import tag_of
from domain.understanding import State, Task, Understanding
from entrypoints.wording import ago, counted, pending, span

__all__ = ["ago", "alt", "by_whom", "counted", "did", "linked", "mood", "pending", "percent", "span", "tag_of", "why"]

_LINK = re.compile(r"https?://[^\s<>\"']+[\w/=#&]|(?<![\w&#/])#\w{1,50}|(?<![\w@/.])@[a-z0-9_]{3,30}\b", re.IGNORECASE)
_WAITING_FOR_MODEL = {
    "model_missing": "no model is installed; the operator installs one with `tintype model install`",
    "classifier_away": "the model is away",
}
_DID = {
    Kind.FOLLOW: "follows you",
    Kind.FOLLOW_REQUEST: "asks to follow you",
    Kind.LIKE: "likes your post",
    Kind.COMMENT: "commented on your post",
}
_DO = _DID | {Kind.FOLLOW: "follow you", Kind.FOLLOW_REQUEST: "ask to follow you", Kind.LIKE: "like your post"}


def percent(share: float) -> str:
    return f"{share:.0%}"


def linked(text: str) -> Markup:
    """A person's words, escaped, with links where they name a tag, a person or a page elsewhere."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        parts += [escape(text[end : found.start()]), _link(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _link(word: str) -> Markup:
    if word.startswith("@"):
        return Markup('<a href="/@{}">{}</a>').format(word[1:].lower(), word)
    if word.startswith("#"):
        return escape(word) if word[1:].isdigit() else Markup('<a href="/tags/{}">{}</a>').format(tag_of(word), word)
    return Markup('<a href="{0}" rel="nofollow noopener ugc">{0}</a>').format(word)


def alt(image: Image) -> str:
    """What stands for the picture where it cannot be seen: alt text, else what the model is sure of."""
    if image.alt_text:
        return image.alt_text.text
    seen = ", ".join(label.name for label in image.labels_for(None))
    return f"A picture without a description; a model sees: {seen}" if seen else "A picture without a description"


def by_whom(said: AltText | Suggestion) -> str:
    """Who wrote it: a machine's words are marked as such."""
    machine = "the labels" if said.source is Source.LABELS else said.model or "a machine"
    return {
        Source.HUMAN: "written by its owner",
        Source.EDITED: f"drafted by {machine}, edited by its owner",
        Source.MODEL: f"drafted by {machine}",
        Source.LABELS: f"drafted from {machine}",
    }[said.source]


def mood(image: Image, viewer: UserId | None) -> str:
    """How far a picture's classification has come, where it shows no label."""
    row = image.understanding[Task.CLASSIFICATION]
    if row.open:
        return _waiting(row)
    if row.state is State.FAILED:
        reason = f": {row.error}" if row.error and viewer == image.owner_id else ""
        return f"The model could not look at this picture{reason}"
    return "The model is not sure what this shows"


def _waiting(row: Understanding) -> str:
    if row.state is State.RUNNING:
        return "The model is looking at this picture…"
    reason = _WAITING_FOR_MODEL.get(row.error or "", "")
    return f"Not looked at yet: {reason}" if reason else "The model will look at this picture in a moment…"


def why(ranked: Ranked) -> str:
    """The score, so that anybody can compute it again."""
    likes, age = counted(ranked.why.likes, "like"), span(ranked.why.age_seconds)
    if ranked.why.half_life_seconds is None:
        return f"It has {likes}, which makes it number {ranked.rank}; among equals the newer one stands first."
    return (
        f"Number {ranked.rank} with a score of {ranked.score:.2f}: log₂(1 + {ranked.why.likes:,}) for its {likes}, "
        f"less its age ({age}) in half-lives of {span(ranked.why.half_life_seconds)}. Nothing else has a part in it."
    )


def did(kind: Kind, several: bool) -> str:
    return (_DO if several else _DID)[kind]
