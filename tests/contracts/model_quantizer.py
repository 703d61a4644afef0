"""The contract of `ModelQuantizer`."""

from abc import abstractmethod

import pytest

from domain.errors import Invalid, Unsupported
from domain.vision.quantization import ModelQuantizer
from tests.sample_images import a_jpeg

IMAGES = [a_jpeg(seed=seed) for seed in range(8)]


def ignore_progress(_sentence: str) -> None:
    """Discards progress messages."""


class ModelQuantizerContract:
    @pytest.fixture
    @abstractmethod
    def quantizer(self) -> ModelQuantizer:
        """A quantizer with a model."""

    async def test_both_forms_classify(self, quantizer: ModelQuantizer) -> None:
        trial = await quantizer.quantize(IMAGES, ignore_progress)
        for classifier in (trial.model, trial.smaller):
            prediction = await classifier.classify(IMAGES[0], top=3)
            assert len(prediction.labels) == 3
            assert len(prediction.embedding) == 1280

    async def test_stored_model_has_own_version(self, quantizer: ModelQuantizer) -> None:
        trial = await quantizer.quantize(IMAGES, ignore_progress)
        model, kept = await trial.model.model(), trial.keep({"compared_on": 8})
        assert model
        assert (kept.name, kept.version) == (model.name, f"{model.version}-int8")

    async def test_other_files_are_refused(self, quantizer: ModelQuantizer) -> None:
        with pytest.raises((Invalid, Unsupported)):
            await quantizer.quantize([b"just words"], ignore_progress)

    async def test_progress_is_reported(self, quantizer: ModelQuantizer) -> None:
        reports: list[str] = []
        await quantizer.quantize(IMAGES, reports.append)
        assert "8 images" in reports[0]
