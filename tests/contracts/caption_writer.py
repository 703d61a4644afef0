"""The contract of `CaptionWriter`."""

from abc import abstractmethod

import pytest

from domain.captions import AltText, CaptionDraft, CaptionWriter, clean_draft_tags
from domain.errors import Invalid, Unsupported
from domain.vision import Label
from tests import sample_images

LABELS = (Label("n02099601", "golden retriever", 207, 0.8),)


class CaptionWriterContract:
    @pytest.fixture
    @abstractmethod
    def writer(self) -> CaptionWriter: ...

    async def test_draft_is_valid_alt_text(self, writer: CaptionWriter) -> None:
        suggestion = (await writer.write(sample_images.a_jpeg(), LABELS)).suggestion
        assert suggestion is not None
        assert AltText(suggestion.text, suggestion.source, suggestion.model).text == suggestion.text

    async def test_draft_names_source_and_prompt_version(self, writer: CaptionWriter) -> None:
        draft = await writer.write(sample_images.a_jpeg(), LABELS)
        assert draft.suggestion is not None
        assert draft.suggestion.prompt_version
        if writer.terms is not None:
            asked = writer.terms.model, writer.terms.prompt_version
            assert (draft.suggestion.model, draft.suggestion.prompt_version) == asked

    async def test_tags_are_clean_and_name_model(self, writer: CaptionWriter) -> None:
        draft = await writer.write(sample_images.a_jpeg(), LABELS)
        if draft.model_tags is not None:
            assert draft.model_tags.tags == clean_draft_tags(draft.model_tags.tags) != ()
            assert draft.suggestion is not None
            assert draft.model_tags.model == draft.suggestion.model

    async def test_usage_stays_within_terms(self, writer: CaptionWriter) -> None:
        usage = (await writer.write(sample_images.a_jpeg(), LABELS)).usage
        assert (usage is None) == (writer.terms is None)
        if usage is not None and writer.terms is not None:
            assert usage.tokens_in <= writer.terms.max_usage.tokens_in
            assert usage.tokens_out <= writer.terms.max_usage.tokens_out

    async def test_other_files_are_refused(self, writer: CaptionWriter) -> None:
        if not writer.needs_labels:
            with pytest.raises((Invalid, Unsupported)):
                await writer.write(b"not an image", LABELS)

    async def test_no_draft_without_required_labels(self, writer: CaptionWriter) -> None:
        if writer.needs_labels:
            assert await writer.write(sample_images.a_jpeg(), ()) == CaptionDraft()
