"""The contract of `ImageClassifier`."""

from abc import abstractmethod

import pytest

from domain.images import BrokenImage, UnsupportedImage
from domain.vision import ImageClassifier
from tests import sample_images


class ImageClassifierContract:
    @pytest.fixture
    @abstractmethod
    def classifier(self) -> ImageClassifier:
        """A classifier with a model."""

    async def test_prediction_names_model(self, classifier: ImageClassifier) -> None:
        prediction = await classifier.classify(sample_images.a_jpeg())
        assert prediction.model == await classifier.model()
        assert prediction.model.version

    @pytest.mark.parametrize("top", [1, 5, 1000])
    async def test_labels_are_limited_and_sorted_best_first(self, classifier: ImageClassifier, top: int) -> None:
        labels = (await classifier.classify(sample_images.a_jpeg(), top)).labels
        assert len(labels) == top
        assert [label.score for label in labels] == sorted((label.score for label in labels), reverse=True)
        assert len({label.class_index for label in labels}) == top

    async def test_classification_is_deterministic(self, classifier: ImageClassifier) -> None:
        assert await classifier.classify(sample_images.a_jpeg()) == await classifier.classify(sample_images.a_jpeg())

    async def test_other_files_are_refused(self, classifier: ImageClassifier) -> None:
        with pytest.raises(UnsupportedImage):
            await classifier.classify(b"just words")
        with pytest.raises(BrokenImage):
            await classifier.classify(b"")
