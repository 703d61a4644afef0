"""The extra is missing or not configured: nothing fails, and the operator is informed."""

from pathlib import Path

import pytest

from adapters.transformers.captions import TransformersCaptionWriter
from adapters.transformers.health import TransformersProbe
from domain.captions import WriterLockedOut
from domain.limits import Limits
from tests import sample_images
from tests.decoders import POOL


@pytest.mark.parametrize("folder", [None, Path("nowhere")])
async def test_missing_folder_locks_writer_out(folder: Path | None) -> None:
    with pytest.raises(WriterLockedOut) as refusal:
        await TransformersCaptionWriter(folder, Limits(), POOL).write(sample_images.a_jpeg(), ())

    health = await TransformersProbe(folder).check()
    assert "TINTYPE_CAPTION_MODEL" in refusal.value.operator_message
    assert (health.ok, health.required, health.remedy) == (False, False, "Set TINTYPE_CAPTION_MODEL.")
