"""The prompt and the schema of the answer. Another wording needs a new version, in a new file, so that answers paid for
under the old prompt are not reused for the new one."""

from functools import cache
from pathlib import Path
from typing import Any

PROMPT_VERSION = "alt-text/1"

MAX_TOKENS_OUT = 700
"""An answer takes about 100 tokens. A truncated answer is invalid JSON, hence an unusable draft."""

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
    """The prompt and the image, in a message each, without information about the owner."""
    image = {"type": "image_url", "image_url": {"url": data_url, "detail": "low"}}
    return [{"role": "system", "content": prompt()}, {"role": "user", "content": [image]}]


def response_format() -> dict[str, Any]:
    """Structured output: the answer is JSON with this schema."""
    return {"type": "json_schema", "json_schema": {"name": "alt_text", "strict": True, "schema": SCHEMA}}
