"""The classifier of this machine while it runs the desired model. Results of another model would replace those of the
desired one, and would themselves be replaced."""

from domain.vision import DEFAULT_TOP, ImageClassifier, Model, ModelOutdated, Prediction
from domain.vision.desired_model import DesiredModels


class DesiredClassifier(ImageClassifier):
    def __init__(self, classifier: ImageClassifier, desired_models: DesiredModels) -> None:
        self._classifier = classifier
        self._desired_models = desired_models

    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        """Return the prediction of the desired model. Raises `ModelOutdated` and what the classifier raises."""
        await self._check(await self._classifier.model())
        prediction = await self._classifier.classify(data, top)
        await self._check(prediction.model)  # it may have been replaced meanwhile
        return prediction

    async def model(self) -> Model | None:
        """Return the model if it is the desired one."""
        model = await self._classifier.model()
        try:
            await self._check(model)
        except ModelOutdated:
            return None
        return model

    async def _check(self, model: Model | None) -> None:
        """Raise `ModelOutdated` for another model than the desired one. The classifier reports a missing model."""
        desired = await self._desired_models.current()
        if model is not None and desired is not None and not desired.is_run_by(model):
            raise ModelOutdated(f"this machine classifies with {model}, the deployment with {desired}")
