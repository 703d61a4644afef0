import pytest

from adapters.labels.captions import LabelCaptionWriter
from domain.captions import CaptionWriter
from tests.contracts.caption_writer import CaptionWriterContract


class TestLabelCaptionWriter(CaptionWriterContract):
    @pytest.fixture
    def writer(self) -> CaptionWriter:
        return LabelCaptionWriter()
