"""Conversion of TensorFlow networks with the real tools (`make test-convert`)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.onnx.models import OnnxModelStore
from adapters.tensorflow.agreement import check_agreement
from adapters.tensorflow.converter import TensorFlowModelConverter
from container import Container
from domain.vision import UnusableModel
from domain.vision.conversion import ModelConverter
from tests.containers import memory_container
from tests.contracts.model_converter import ModelConverterContract, ignore_progress
from tests.conversion.modules import a_module
from tests.decoders import POOL
from tests.models import tiny_model
from tests.real_data import DATA
from tests.sample_images import a_jpeg

CHECKOUT = Path(__file__).resolve().parents[2]
REAL = DATA / "model"

pytestmark = pytest.mark.convert


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return memory_container(config={"classifier": "onnx", "home": tmp_path / "home"})


class TestTensorFlowModelConverter(ModelConverterContract):
    @pytest.fixture
    def converter(self) -> ModelConverter:
        return TensorFlowModelConverter(CHECKOUT, POOL)

    @pytest.fixture
    def module(self, hub_module: Path) -> Path:
        return hub_module


async def test_converted_module_classifies(container: Container, hub_module: Path) -> None:
    model = container.installing().convert(hub_module, [a_jpeg()], ignore_progress)
    prediction = await container.classifier().classify(a_jpeg())
    assert prediction.model.version == model.version
    assert len(prediction.embedding) == 1280
    manifest: Any = container.model_store().manifest()
    assert manifest["source"]["module"] == str(hub_module)
    assert manifest["proof"]["inputs"] == 17
    assert manifest["proof"]["largest_difference"] <= 1e-4
    assert {"tensorflow", "tf2onnx", "onnx", "onnxruntime"} <= manifest["tools"].keys()


def test_module_without_signature_is_called(container: Container, tmp_path: Path) -> None:
    module = a_module(tmp_path / "module", callable_only=True)
    assert container.installing().convert(module, [], ignore_progress) == container.model_store().current()


def test_module_with_other_classes_is_refused(container: Container, tmp_path: Path) -> None:
    before = container.installing().install(tiny_model(tmp_path / "tiny.onnx"))
    module = a_module(tmp_path / "module", classes=10)
    with pytest.raises(UnusableModel, match=r"\[N, 1001\]"):
        container.installing().convert(module, [], ignore_progress)
    assert container.model_store().current() == before


def test_damaged_module_is_reported(container: Container, tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"rot")
    with pytest.raises(UnusableModel, match="could not be converted"):
        container.installing().convert(tmp_path, [], ignore_progress)


def test_disagreeing_forms_are_refused_with_numbers(tmp_path: Path) -> None:
    weights = tiny_model(tmp_path / "tiny.onnx").read_bytes()
    inputs = np.random.default_rng(0).random((3, 224, 224, 3), dtype=np.float32)
    answers = np.random.default_rng(1).random((3, 1001), dtype=np.float32)
    with pytest.raises(UnusableModel, match="3 of 3 inputs"):
        check_agreement(weights, inputs, answers)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real SavedModel that CONTRIBUTING.md names")
async def test_real_module_converts_to_real_model(container: Container, tmp_path: Path) -> None:
    container.installing().convert(
        REAL / "mobilenet_v2_100_224", [a_jpeg(seed=seed) for seed in range(4)], ignore_progress
    )
    converted = await container.classifier().classify(a_jpeg(seed=9))
    OnnxModelStore(tmp_path / "home").install(REAL / "mobilenet_v2_1.0_224.onnx")
    published = await container.classifier().classify(a_jpeg(seed=9))
    assert converted.model != published.model
    assert [label.score for label in converted.labels] == pytest.approx(
        [label.score for label in published.labels], abs=1e-4
    )
