from collections.abc import AsyncIterator

import pytest

from adapters.openai.captions import OpenAiCaptionWriter
from domain.captions import CaptionWriter
from domain.limits import Limits
from tests.contracts.caption_writer import CaptionWriterContract
from tests.decoders import POOL
from tests.fake_openai import KEY, fake_openai


class TestOpenAiCaptionWriter(CaptionWriterContract):
    @pytest.fixture
    async def writer(self) -> AsyncIterator[CaptionWriter]:
        async with fake_openai() as service:
            yield OpenAiCaptionWriter(KEY, service.url, "gpt-4o-mini", Limits(), POOL)
