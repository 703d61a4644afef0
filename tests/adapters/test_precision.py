"""The int8 form of a model: stored with it, and selected by settings."""

from pathlib import Path

import pytest

from adapters.onnx.device import Precision
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.quantizer import OnnxModelQuantizer
from domain.limits import Limits
from domain.vision import Model, UnusableModel
from domain.vision.quantization import QuantizationTrial
from tests.decoders import POOL
from tests.models import BLUE_CLASS, new_classifier, tiny_model
from tests.sample_images import a_jpeg

BLUE = a_jpeg(colour=(0, 0, 255))


@pytest.fixture
def models(tmp_path: Path) -> OnnxModelStore:
    models = OnnxModelStore(tmp_path / "home")
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    return models


async def on_trial(models: OnnxModelStore) -> QuantizationTrial:
    images = [a_jpeg(seed=seed) for seed in range(6)]
    return await OnnxModelQuantizer(models, Limits(), POOL).quantize(images, lambda _said: None)


async def test_int8_is_unused_until_stored(models: OnnxModelStore) -> None:
    await on_trial(models)
    assert (await new_classifier(models, "cpu").classify(BLUE)).model == await model_of(models, "fp32")
    with pytest.raises(UnusableModel, match="tintype model quantize"):
        await new_classifier(models, "cpu", "int8").classify(BLUE)


async def test_auto_uses_int8_on_cpu_without_restart(models: OnnxModelStore) -> None:
    running = new_classifier(models, "cpu")
    before = (await running.classify(BLUE)).model
    kept = (await on_trial(models)).keep({"compared_on": 6})
    for classifier in (running, new_classifier(models, "cpu", "int8")):
        prediction = await classifier.classify(BLUE)
        assert prediction.model.version == kept.version == f"{before.version}-int8"
        assert prediction.labels[0].class_index == BLUE_CLASS
        assert prediction.embedding[2] == pytest.approx(1.0, abs=0.05)
    assert await model_of(models, "fp32") == before


async def test_int8_follows_its_model(models: OnnxModelStore, tmp_path: Path) -> None:
    kept = (await on_trial(models)).keep({})
    other = models.install(tiny_model(tmp_path / "other.onnx", gain=10))
    assert (await model_of(models, "auto")).version == other.version
    models.rollback()
    assert (await model_of(models, "auto")).version == kept.version


async def test_int8_is_refused_for_other_model(models: OnnxModelStore, tmp_path: Path) -> None:
    trial = await on_trial(models)
    models.install(tiny_model(tmp_path / "other.onnx", gain=10))
    with pytest.raises(UnusableModel, match="no longer the current"):
        trial.keep({})


async def test_forms_have_separate_temperatures(models: OnnxModelStore) -> None:
    models.save_temperature(await model_of(models, "fp32"), 0.7)
    (await on_trial(models)).keep({})
    assert (await model_of(models, "int8")).temperature == 1.0

    models.save_temperature(await model_of(models, "int8"), 0.6)
    assert ((await model_of(models, "fp32")).temperature, (await model_of(models, "int8")).temperature) == (0.7, 0.6)

    (await on_trial(models)).keep({})
    assert (await model_of(models, "int8")).temperature == 1.0


async def test_damaged_int8_is_reported(models: OnnxModelStore, tmp_path: Path) -> None:
    (await on_trial(models)).keep({})
    next((tmp_path / "home").glob("models/*/model.int8.onnx")).write_bytes(b"rot")
    with pytest.raises(UnusableModel, match="hash"):
        await new_classifier(models, "cpu").classify(BLUE)


async def model_of(models: OnnxModelStore, precision: Precision) -> Model:
    return (await new_classifier(models, "cpu", precision).classify(BLUE)).model
