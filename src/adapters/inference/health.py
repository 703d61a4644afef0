"""Whether an inference server has a model. Serving does not need one: pictures wait for it."""

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
                "start one with `tintype inference`, install a model there, and set TINTYPE_INFERENCE_URL right; a host"
                " name in it also belongs into that server's TINTYPE_ALLOWED_HOSTS"
            )
            detail = f"no server with a model answers at {self._urls}"
            return Health(PART, ok=False, detail=detail, remedy=remedy, required=False)
        return Health(PART, ok=True, detail=f"{model}, at {self._urls}", required=False)
