"""Checks that an inference server has a model. Serving does not require one: images stay pending."""

from domain.health import Health, Probe
from domain.vision import ImageClassifier

PART = "model"


class InferenceProbe(Probe):
    def __init__(self, classifier: ImageClassifier, urls: str) -> None:
        self._classifier = classifier
        self._urls = urls

    async def check(self) -> Health:
        model = await self._classifier.model()
        if model is None:
            remedy = (
                "start one with `tintype inference`, install a model there, and set TINTYPE_INFERENCE_URL to it; add a"
                " host name in that address to the server's TINTYPE_ALLOWED_HOSTS"
            )
            detail = f"no server with a model answers at {self._urls}"
            return Health(PART, ok=False, detail=detail, remedy=remedy, required=False)
        return Health(PART, ok=True, detail=f"{model}, at {self._urls}", required=False)
