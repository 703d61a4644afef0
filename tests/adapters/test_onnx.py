"""The classifier and the model store with small generated models."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort  # type: ignore[import-untyped]
import pytest
from PIL import Image

from adapters.onnx.labels import best_labels
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.preprocessing import image_tensor
from domain.errors import Unavailable
from domain.images import TooManyPixels
from domain.vision import ModelMissing, UnusableModel
from tests import sample_images
from tests.adapters.test_vips import UPRIGHT, near
from tests.decoders import POOL
from tests.models import BLUE_CLASS, GREEN_CLASS, RED_CLASS, new_classifier, tiny_model


@pytest.fixture
def models(tmp_path: Path) -> OnnxModelStore:
    return OnnxModelStore(tmp_path / "home")


@pytest.mark.parametrize("outputs", [1000, 1001])
@pytest.mark.parametrize(
    ("colour", "index"),
    [(sample_images.RED, RED_CLASS), (sample_images.GREEN, GREEN_CLASS), (sample_images.BLUE, BLUE_CLASS)],
)
async def test_class_is_correct_with_and_without_background(
    models: OnnxModelStore, tmp_path: Path, outputs: int, colour: tuple[int, int, int], index: int
) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx", outputs=outputs))
    label = (await new_classifier(models, "cpu").classify(sample_images.a_jpeg(300, 200, colour), 1)).labels[0]
    assert label.class_index == index
    assert label.key.startswith("n0")


@pytest.mark.parametrize(
    "data",
    [
        sample_images.a_cmyk_jpeg(),
        sample_images.a_transparent_png(),
        sample_images.a_sixteen_bit_png(),
        sample_images.a_heic(),
        sample_images.an_avif(),
        sample_images.an_animation(),
        sample_images.a_png(1, 1),
        sample_images.a_png(1, 20_000),
    ],
)
async def test_all_upload_formats_are_classified(models: OnnxModelStore, tmp_path: Path, data: bytes) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    assert len((await new_classifier(models, "cpu").classify(data)).labels) == 5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_network_input_is_upright(orientation: int) -> None:
    turned = image_tensor(POOL, sample_images.rotated_jpeg(orientation), 10_000)[0]
    held = Image.fromarray((turned * 255).astype("uint8"))
    right, bottom = held.width - 9, held.height - 9
    corners = [held.getpixel(at) for at in ((8, 8), (right, 8), (8, bottom), (right, bottom))]
    for seen, wanted in zip(corners, UPRIGHT[orientation], strict=True):
        assert near(seen, wanted)


def test_network_input_is_from_0_to_1() -> None:
    black, white = (image_tensor(POOL, sample_images.a_jpeg(colour=(level,) * 3), 10_000) for level in (0, 255))
    assert black.shape == (1, 224, 224, 3)
    assert black.dtype == np.float32
    assert (black.max(), white.min()) == (0.0, 1.0)


def test_background_reduces_scores_and_is_no_label() -> None:
    logits = np.zeros(1001, dtype=np.float32)
    logits[0], logits[1 + RED_CLASS] = 9, 8
    (label,) = best_labels(logits, 1)
    assert label.class_index == RED_CLASS
    assert label.score == pytest.approx(np.exp(8) / (np.exp(9) + np.exp(8) + 999))


def test_large_logits_give_valid_scores() -> None:
    logits = np.full(1000, 5000, dtype=np.float32)
    assert [label.score for label in best_labels(logits, 2)] == pytest.approx([0.001, 0.001])


async def test_decompression_bomb_is_refused(models: OnnxModelStore, tmp_path: Path) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    with pytest.raises(TooManyPixels):
        await new_classifier(models, "cpu").classify(sample_images.png_header(60_000, 60_000))


async def test_new_model_is_used_without_restart(models: OnnxModelStore, tmp_path: Path) -> None:
    classifier = new_classifier(models, "cpu")
    assert await classifier.model() is None
    with pytest.raises(ModelMissing):
        await classifier.classify(sample_images.a_jpeg())
    for gain in (10, 20):
        installed = models.install(tiny_model(tmp_path / "tiny.onnx", gain=gain))
        assert (await classifier.classify(sample_images.a_jpeg())).model.version == installed.version


async def test_new_temperature_is_used_without_restart(models: OnnxModelStore, tmp_path: Path) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    classifier = new_classifier(models)
    plain = await classifier.classify(sample_images.a_jpeg())
    models.save_temperature(plain.model, 0.7)

    calibrated = await classifier.classify(sample_images.a_jpeg())

    assert (plain.model.temperature, calibrated.model.temperature) == (1.0, 0.7)
    assert calibrated.labels == plain.labels


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"temperatures": 1}', '{"temperatures": {"1": "hot"}}', '{"temperatures": {"1": 0}}']
)
def test_damaged_temperature_is_reported(models: OnnxModelStore, tmp_path: Path, content: str) -> None:
    model = models.install(tiny_model(tmp_path / "tiny.onnx"))
    models.save_temperature(model, 0.7)
    next((tmp_path / "home").glob("models/*/calibration.json")).write_text(content)

    with pytest.raises(UnusableModel, match=r"calibration\.json"):
        models.current()


async def test_labels_have_tags(models: OnnxModelStore, tmp_path: Path) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    red = sample_images.a_jpeg(300, 200, sample_images.RED)

    (best,) = (await new_classifier(models).classify(red, 1)).labels

    assert (best.name, best.tags) == ("golden retriever", ("retriever", "dog", "pet", "mammal", "animal"))


async def test_damaged_weights_are_reported_and_old_model_is_kept(models: OnnxModelStore, tmp_path: Path) -> None:
    first = models.install(tiny_model(tmp_path / "tiny.onnx", gain=10))
    classifier = new_classifier(models, "cpu")
    await classifier.classify(sample_images.a_jpeg())
    second = models.install(tiny_model(tmp_path / "tiny.onnx", gain=20))
    next((tmp_path / "home").glob(f"models/{second.version}*/model.onnx")).write_bytes(b"rot")
    assert (await classifier.classify(sample_images.a_jpeg())).model.version == first.version
    with pytest.raises(UnusableModel, match="hash"):
        await new_classifier(models, "cpu").classify(sample_images.a_jpeg())
    models.install(tmp_path / "tiny.onnx")
    assert (await new_classifier(models, "cpu").classify(sample_images.a_jpeg())).model.version == second.version


def install_model(models: OnnxModelStore, home: Path, path: Path) -> tuple[Path, dict[str, Any]]:
    """The stored model: its file and its manifest."""
    kept = next(home.glob(f"models/{models.install(path).version}*/model.onnx"))
    return kept, json.loads(kept.with_name("manifest.json").read_bytes())


def test_embedding_output_keeps_weights(models: OnnxModelStore, tmp_path: Path) -> None:
    path = tiny_model(tmp_path / "tiny.onnx")
    kept, manifest = install_model(models, tmp_path / "home", path)
    before, after = onnx.load(path).graph, onnx.load(kept).graph
    assert list(after.initializer) == list(before.initializer)
    assert [output.name for output in after.output] == ["logits", "embedding"]
    assert manifest["sha256"] == sha256(kept.read_bytes()).hexdigest()
    assert manifest["source"] == {"file": "tiny.onnx", "sha256": sha256(path.read_bytes()).hexdigest()}


def test_model_with_both_outputs_is_unchanged(models: OnnxModelStore, tmp_path: Path) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", embedding=True)
    kept, manifest = install_model(models, tmp_path / "home", path)
    assert kept.read_bytes() == path.read_bytes()
    assert manifest["outputs"] == {"logits": [None, 1001], "embedding": [None, 1280]}


async def test_embedding_is_input_of_classifier(models: OnnxModelStore, tmp_path: Path) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    embedding = (await new_classifier(models, "cpu").classify(sample_images.a_jpeg(colour=(255, 0, 51)))).embedding
    assert len(embedding) == 1280
    assert embedding[:3] == pytest.approx((1.0, 0.0, 0.2), abs=0.02)


def test_network_without_pooling_is_refused(models: OnnxModelStore, tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="pooling"):
        models.install(tiny_model(tmp_path / "wrong.onnx", pooled=False))


def test_concurrent_installations_succeed(models: OnnxModelStore, tmp_path: Path) -> None:
    paths = [tiny_model(tmp_path / f"{gain}.onnx", gain=gain) for gain in range(1, 5)]
    before = models.install(paths[0])
    with ThreadPoolExecutor() as pool:
        installed = set(pool.map(models.install, paths[1:]))
    current, previous = models.current(), models.rollback()
    assert {current, previous} < installed
    assert before not in {current, previous}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sha256": "0" * 64, "source": {"sha256": "0" * 64}}, "hash"),
        ({"classes": ["n01440764"]}, "1 classes"),
        ({"classes": ["n01440764"] * 1000}, "order"),
        ({"classes": None}, "not a model's manifest"),
    ],
)
def test_manifest_beside_file_must_match(
    models: OnnxModelStore, tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    path, manifest = install_model(models, tmp_path / "home", tiny_model(tmp_path / "tiny.onnx"))
    current = models.current()
    copy = tmp_path / "copy" / "model.onnx"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    copy.with_name("manifest.json").write_text(json.dumps(manifest))
    assert models.install(copy) == current
    copy.with_name("manifest.json").write_text(json.dumps(manifest | changed))
    with pytest.raises(UnusableModel, match=said):
        models.install(copy)
    assert models.current() == current


@pytest.mark.parametrize(
    ("wrong", "said"), [({"side": 192}, "192"), ({"outputs": 10}, "10"), ({"broken": True}, "grey")]
)
def test_unusable_model_states_reason(models: OnnxModelStore, tmp_path: Path, wrong: dict[str, int], said: str) -> None:
    with pytest.raises(UnusableModel, match=said):
        models.install(tiny_model(tmp_path / "wrong.onnx", **wrong))  # type: ignore[arg-type]
    assert models.current() is None


def test_model_with_external_data_is_refused(models: OnnxModelStore, tmp_path: Path) -> None:
    model = onnx.load(tiny_model(tmp_path / "whole.onnx"))
    onnx.save(model, tmp_path / "split.onnx", save_as_external_data=True, location="weights.bin")
    assert (tmp_path / "weights.bin").exists()
    with pytest.raises(UnusableModel, match="external data"):
        models.install(tmp_path / "split.onnx")
    assert models.current() is None


def test_folder_is_refused(models: OnnxModelStore, tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="tintype model convert"):
        models.install(tmp_path)


@pytest.mark.skipif("CUDAExecutionProvider" in ort.get_available_providers(), reason="this machine may have CUDA")
async def test_required_but_missing_cuda_is_unavailable(models: OnnxModelStore, tmp_path: Path) -> None:
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    with pytest.raises(Unavailable, match="the model cannot run; retry in 60 s") as caught:
        await new_classifier(models, "cuda").classify(sample_images.a_jpeg())
    assert "CUDA" in caught.value.operator_message
    assert (await new_classifier(models, "auto").classify(sample_images.a_jpeg())).model.device == "cpu"
