"""Captions by a local model. `make test-transformers` runs these tests in an environment with the extra."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.transformers.captions import TransformersCaptionWriter
from adapters.transformers.health import TransformersProbe
from domain.captions import CaptionWriter, Source, WriterLockedOut
from domain.limits import Limits
from tests import sample_images
from tests.contracts.caption_writer import CaptionWriterContract
from tests.decoders import POOL
from tests.transformers.models import WORDS, a_blip, a_vit_with_gpt2

pytestmark = [pytest.mark.transformers, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module", params=[a_blip, a_vit_with_gpt2])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    make: Callable[[Path], Path] = request.param
    return make(tmp_path_factory.mktemp("model") / "tiny-captioner")


class TestTransformersCaptionWriter(CaptionWriterContract):
    @pytest.fixture
    def writer(self, folder: Path) -> CaptionWriter:
        return TransformersCaptionWriter(folder, Limits(), POOL)

    async def test_caption_has_text_and_model_name(self, writer: CaptionWriter) -> None:
        suggestion = (await writer.write(sample_images.a_jpeg(), ())).suggestion

        assert suggestion is not None
        assert set(suggestion.text.split()) <= set(WORDS)
        said = suggestion.source, suggestion.model, suggestion.prompt_version
        assert said == (Source.MODEL, "tiny-captioner", "image-to-text/1")

    @pytest.mark.parametrize(
        "data",
        [
            sample_images.a_transparent_png(),
            sample_images.a_webp(),
            sample_images.rotated_jpeg(6),
            sample_images.a_cmyk_jpeg(),
        ],
    )
    async def test_all_formats_are_captioned(self, writer: CaptionWriter, data: bytes) -> None:
        assert (await writer.write(data, ())).suggestion is not None


async def test_doctor_finds_model(folder: Path) -> None:
    health = await TransformersProbe(folder).check()

    assert (health.ok, health.detail) == (True, f"transformers: {folder}")


async def test_other_folder_is_reported_to_operator(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')

    with pytest.raises(WriterLockedOut) as refusal:
        await TransformersCaptionWriter(tmp_path, Limits(), POOL).write(sample_images.a_jpeg(), ())

    assert str(tmp_path) in refusal.value.operator_message
