import pytest

from adapters.memory.captions import MemoryCaptionWriter
from domain.captions import CaptionWriter, Source
from tests import sample_images
from tests.contracts.caption_writer import CaptionWriterContract


class TestMemoryCaptionWriter(CaptionWriterContract):
    @pytest.fixture
    def writer(self) -> CaptionWriter:
        return MemoryCaptionWriter()

    async def test_equal_images_have_equal_captions_and_others_differ(self, writer: CaptionWriter) -> None:
        drafts = [(await writer.write(sample_images.a_jpeg(width=8 * step), ())).suggestion for step in (1, 1, 2, 3, 4)]

        assert drafts[0] == drafts[1]
        assert len({draft.text for draft in drafts if draft}) > 1
        assert {draft.source for draft in drafts if draft} == {Source.MODEL}
