"""What every `CaptionWriter` promises."""

from abc import abstractmethod

import pytest

from domain.captions import AltText, CaptionWriter
from domain.vision import Label
from tests import pictures

LABELS = (Label("n02099601", "golden retriever", 207, 0.8),)


class CaptionWriterContract:
    @pytest.fixture
    @abstractmethod
    def writer(self) -> CaptionWriter: ...

    async def test_what_it_drafts_can_be_taken_as_alt_text(self, writer: CaptionWriter) -> None:
        suggestion = await writer.write(pictures.a_jpeg(), LABELS)
        assert suggestion is not None
        assert AltText(suggestion.text, suggestion.source, suggestion.model).text == suggestion.text

    async def test_says_nothing_without_the_labels_it_needs(self, writer: CaptionWriter) -> None:
        if writer.needs_labels:
            assert await writer.write(pictures.a_jpeg(), ()) is None
