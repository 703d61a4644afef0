import pytest

from adapters.memory.classifier import MemoryImageClassifier
from domain.images import BrokenImage
from domain.vision import ImageClassifier
from tests import sample_images
from tests.contracts.image_classifier import ImageClassifierContract


class TestMemoryImageClassifier(ImageClassifierContract):
    @pytest.fixture
    def classifier(self) -> ImageClassifier:
        return MemoryImageClassifier()

    async def test_scores_of_all_classes_sum_to_one(self, classifier: ImageClassifier) -> None:
        labels = (await classifier.classify(sample_images.a_jpeg(), 1000)).labels

        assert sum(label.score for label in labels) == pytest.approx(1)

    async def test_different_images_get_different_labels(self, classifier: ImageClassifier) -> None:
        best = [(await classifier.classify(sample_images.a_jpeg(width=8 * step), 1)).labels for step in range(1, 6)]

        assert len(set(best)) > 1

    async def test_truncated_image_is_broken(self, classifier: ImageClassifier) -> None:
        with pytest.raises(BrokenImage):
            await classifier.classify(sample_images.a_jpeg()[:-100])
