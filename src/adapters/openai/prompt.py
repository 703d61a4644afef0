"""What the model is asked, and in which shape it is to answer. Another wording is another version, so that what was
paid for under the old one is not taken for an answer to the new one: a new file, and its number here."""

from functools import cache
from pathlib import Path
from typing import Any

PROMPT_VERSION = "alt-text/1"

MAX_TOKENS_OUT = 700
"""An answer takes about 100; what is cut off here is no JSON any more and is told as an unusable draft."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "alt_text": {"type": "string", "description": "What is to be seen, in one to three sentences."},
        "tags": {"type": "array", "items": {"type": "string"}, "description": "Three to ten everyday words."},
    },
    "required": ["alt_text", "tags"],
    "additionalProperties": False,
}


@cache
def prompt() -> str:
    name = f"{PROMPT_VERSION.replace('/', '-')}.txt"
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()


def messages(data_url: str) -> list[dict[str, Any]]:
    """The words and the picture, in one message each: nothing of the picture's owner goes along."""
    picture = {"type": "image_url", "image_url": {"url": data_url, "detail": "low"}}
    return [{"role": "system", "content": prompt()}, {"role": "user", "content": [picture]}]


def response_format() -> dict[str, Any]:
    """Structured output: the answer is JSON of exactly this shape."""
    return {"type": "json_schema", "json_schema": {"name": "alt_text", "strict": True, "schema": SCHEMA}}
