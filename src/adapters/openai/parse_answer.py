"""Parses an answer to a draft. The model's output is displayed as text and never interpreted."""

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
    """The draft in a chat completion. Raises `UnusableDraft` for any other form, with the tokens used."""
    usage = _parse_usage(completion)
    try:
        choice = completion.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return CaptionDraft(usage=usage, declined=True)
        answer = parse_json(choice.message.content.encode())
        text, tags = answer["alt_text"], answer["tags"]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise _unusable_error("is not the requested JSON", usage) from None
    if not isinstance(text, str) or not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _unusable_error("has other types than requested", usage)
    words = clean_draft_text(text)
    if words is None:
        raise _unusable_error("is empty", usage)
    valid_tags = clean_draft_tags(tags)
    return CaptionDraft(
        Suggestion(words, Source.MODEL, model, PROMPT_VERSION),
        ModelTags(valid_tags, model, PROMPT_VERSION) if valid_tags else None,
        usage,
    )


def _parse_usage(completion: Any) -> TokenUsage | None:
    """The usage that the service states; self-hosted servers may state none."""
    usage = getattr(completion, "usage", None)
    tokens_in, tokens_out = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    return TokenUsage(tokens_in, tokens_out) if _is_count(tokens_in) and _is_count(tokens_out) else None


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < 1 << 31


def _unusable_error(what: str, usage: TokenUsage | None) -> UnusableDraft:
    return UnusableDraft(f"the captioning service's answer {what}", usage=usage)
