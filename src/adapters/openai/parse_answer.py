"""Answers to drafts. What a model says is text, whatever it says: it is shown, and never obeyed."""

from typing import Any, TypeGuard

from adapters.openai.prompt import PROMPT_VERSION
from domain.captions import (
    CaptionDraft,
    ModelTags,
    Source,
    Suggestion,
    TokenUsage,
    UnusableDraft,
    clean_draft_tags,
    clean_draft_text,
)
from domain.json_input import parse_json


def parse_draft(completion: Any, model: str) -> CaptionDraft:
    """The draft in a chat completion. Raises `UnusableDraft` for any other shape, with the tokens that it took."""
    usage = _parse_usage(completion)
    try:
        choice = completion.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return CaptionDraft(usage=usage, declined=True)
        said = parse_json(choice.message.content.encode())
        text, tags = said["alt_text"], said["tags"]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise _unusable_error("is not the JSON that it was asked for", usage) from None
    if not isinstance(text, str) or not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _unusable_error("holds other types than it was asked for", usage)
    words = clean_draft_text(text)
    if words is None:
        raise _unusable_error("is empty", usage)
    kept = clean_draft_tags(tags)
    return CaptionDraft(
        Suggestion(words, Source.MODEL, model, PROMPT_VERSION),
        ModelTags(kept, model, PROMPT_VERSION) if kept else None,
        usage,
    )


def _parse_usage(completion: Any) -> TokenUsage | None:
    """As the service says; servers of one's own may say nothing."""
    found = getattr(completion, "usage", None)
    tokens_in, tokens_out = getattr(found, "prompt_tokens", None), getattr(found, "completion_tokens", None)
    return TokenUsage(tokens_in, tokens_out) if _is_count(tokens_in) and _is_count(tokens_out) else None


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < 1 << 31


def _unusable_error(what: str, usage: TokenUsage | None) -> UnusableDraft:
    return UnusableDraft(f"the captioning service's answer {what}", usage=usage)
