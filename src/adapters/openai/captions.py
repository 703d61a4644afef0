"""Writes alt text and tags with a vision model, through OpenAI's SDK."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from adapters.decoding.pool import DecodingPool
from adapters.openai.errors import translate_errors
from adapters.openai.image import data_url
from adapters.openai.parse_answer import parse_draft
from adapters.openai.prompt import MAX_TOKENS_OUT, PROMPT_VERSION, messages, response_format
from adapters.system.executor import BoundedExecutor
from domain.captions import CallTerms, CaptionDraft, CaptionWriter, TokenUsage, WriterLockedOut
from domain.limits import Limits
from domain.vision import Label

MAX_TOKENS_IN = 6_000
"""The tokens reserved for an image in low detail with its prompt: gpt-4o-mini bills 2,833 tokens for the image, other
models fewer; prompt and schema take about 500."""

TIMEOUT = 60.0
"""The time limit of a call in seconds, well within the lease of an attempt."""
CONNECT_TIMEOUT = 5.0


class OpenAiCaptionWriter(CaptionWriter):
    """One image of 720 pixels in low detail, one call, one answer in JSON. The SDK's own retries are off: the job is
    retried instead (after the service's `Retry-After`), so that a restart does not lose it and every call has a row in
    the ledger."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        model: str,
        limits: Limits,
        pool: DecodingPool,
        timeout: float = TIMEOUT,
    ) -> None:
        self._pool = pool
        self._api_key = api_key
        self._base_url = base_url
        self._model = model
        self._max_pixels = limits.max_pixels
        self._timeout = timeout
        self._executor = BoundedExecutor("captioning", threads=1, waiting=16)

    @property
    def service_name(self) -> str:
        return service_host(self._base_url)

    @property
    def needs_labels(self) -> bool:
        return False

    @property
    def terms(self) -> CallTerms:
        return CallTerms(self._model, PROMPT_VERSION, TokenUsage(MAX_TOKENS_IN, MAX_TOKENS_OUT))

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:  # noqa: ARG002 — the model reads the image
        if not self._api_key and not self._base_url:
            raise WriterLockedOut("OpenAI needs a key; set OPENAI_API_KEY")
        url = await self._executor.run(data_url, self._pool, data, self._max_pixels)
        with translate_errors(service_host(self._base_url), self._api_key):
            async with asyncio.timeout(self._timeout), self._client() as client:
                completion = await client.chat.completions.create(**self._request(url))
        return parse_draft(completion, self._model)

    def _client(self) -> Any:
        """A client for one call: a call takes seconds, and there is no connection left to close."""
        import httpx2
        import openai

        return openai.AsyncOpenAI(
            api_key=self._api_key or "none",  # the SDK requires a key, self-hosted servers do not
            base_url=self._base_url or DEFAULT_URL,
            timeout=httpx2.Timeout(self._timeout, connect=CONNECT_TIMEOUT),
            max_retries=0,
        )

    def _request(self, url: str) -> dict[str, Any]:
        # OpenAI renamed this limit; compatible servers know the old name.
        limit = "max_tokens" if self._base_url else "max_completion_tokens"
        return {
            "model": self._model,
            "messages": messages(url),
            "response_format": response_format(),
            limit: MAX_TOKENS_OUT,
        }


DEFAULT_URL = "https://api.openai.com/v1"


def service_host(base_url: str) -> str:
    """The host of the calls, without passwords and keys in the address."""
    return urlsplit(base_url or DEFAULT_URL).hostname or "the captioning service"
