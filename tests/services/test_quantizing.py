"""A quantized model is stored only if it is good enough."""

import pytest

from adapters.memory.quantizer import MemoryModelQuantizer
from container import Container
from domain.errors import Invalid
from domain.services.quantizing import MIN_IMAGES, LabelledImage, Quantizing
from domain.vision import UnusableModel
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, label
from tests.sample_images import a_jpeg

DOG, CAT = [label("dog", 0.9, 207)], [label("cat", 0.9, 281)]


def new_quantizing(smaller: ScriptedClassifier | None = None) -> Quantizing:
    quantizer = MemoryModelQuantizer(ScriptedClassifier(DOG), smaller)
    container: Container = memory_container(quantizer=quantizer)
    return container.quantizing()


def labelled_images(count: int, truth: int | None = None) -> list[LabelledImage]:
    return [(a_jpeg(), truth)] * count


def ignore_progress(_sentence: str) -> None:
    """Discards progress messages."""


async def test_equal_model_is_stored() -> None:
    model, found = await new_quantizing().quantize(labelled_images(MIN_IMAGES), ignore_progress)
    assert (model.version, found.count, found.changed, found.labelled) == ("v1-int8", MIN_IMAGES // 2, 0, 0)


async def test_different_model_is_refused_with_numbers() -> None:
    with pytest.raises(UnusableModel, match=r"100 of 100 images; 6%"):
        await new_quantizing(ScriptedClassifier(CAT)).quantize(labelled_images(200, truth=207), ignore_progress)


async def test_insignificant_loss_is_accepted() -> None:
    _, found = await new_quantizing(ScriptedClassifier(*[CAT] * 5, DOG)).quantize(
        labelled_images(200, truth=207), ignore_progress
    )
    assert (found.labelled, found.only_model_right, found.accuracy_loss) == (100, 5, 0.05)
    assert found.p_value == pytest.approx(2 / 32)


async def test_significant_loss_is_refused() -> None:
    with pytest.raises(UnusableModel, match=r"loses 6\.0% of accuracy on 100 images \(p = 0\.031\)"):
        await new_quantizing(ScriptedClassifier(*[CAT] * 6, DOG)).quantize(
            labelled_images(200, truth=207), ignore_progress
        )


async def test_too_few_images_are_refused() -> None:
    with pytest.raises(Invalid, match="39 images are too few"):
        await new_quantizing().quantize(labelled_images(MIN_IMAGES - 1), ignore_progress)
