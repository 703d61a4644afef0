"""Checks that a model is installed. Serving does not require one: images stay pending."""

from adapters.onnx.models import OnnxModelStore
from domain.errors import DomainError
from domain.health import Health, Probe

PART = "model"
REMEDY = "run `tintype model install` for the default model, or `tintype model install PATH` for another"


class OnnxProbe(Probe):
    """Reads the manifest only, not the weights."""

    def __init__(self, models: OnnxModelStore) -> None:
        self._models = models

    async def check(self) -> Health:
        try:
            model = self._models.current()
        except DomainError as fault:
            return Health(PART, ok=False, detail=fault.detail, remedy=REMEDY, required=False)
        if model is None:
            detail = "no model is installed; images stay pending until one is"
            return Health(PART, ok=False, detail=detail, remedy=REMEDY, required=False)
        return Health(PART, ok=True, detail=f"{model} ({model.licence}, from {model.source})", required=False)
