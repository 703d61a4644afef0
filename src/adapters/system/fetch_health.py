"""Reports the state of fetching the main model. Serving does not require it: the default model is used until then."""

from domain.errors import DomainError
from domain.health import Health, Probe
from domain.vision import Installer, ModelStore, may_replace
from domain.vision.model_fetch import FetchRecord, FetchRecords

PART = "model fetch"
FETCH_REMEDY = (
    "try again with `tintype model fetch`, install a local copy with `tintype model install PATH` (an .onnx file, or "
    "the folder of a SavedModel), or name a mirror in TINTYPE_MODEL_URLS"
)


class FetchProbe(Probe):
    """Reads the record only. `enabled`: whether `tintype serve` fetches the model by itself."""

    def __init__(self, models: ModelStore, records: FetchRecords, enabled: bool) -> None:
        self._models = models
        self._records = records
        self._enabled = enabled

    async def check(self) -> Health:
        try:
            installer, record = self._models.installer(), self._records.read()
        except DomainError as fault:
            return Health(PART, ok=False, detail=fault.operator_message, required=False)
        if not may_replace(Installer.FETCH, installer):
            done = record.latest_attempts[-1].detail if installer is Installer.FETCH and record.latest_attempts else ""
            return _healthy(f"done: {done}" if done else "not needed: an operator chose the installed model")
        if record.failures:
            return Health(PART, ok=False, detail=self._failure_detail(record), remedy=FETCH_REMEDY, required=False)
        if not self._enabled:
            return _healthy("fetching is off; `tintype model fetch` in a checkout fetches the main model")
        return _healthy("not tried yet; `tintype serve` fetches the main model, `tintype model fetch` does so at once")

    def _failure_detail(self, record: FetchRecord) -> str:
        attempts = "; ".join(f"{it.source} at {it.at:%Y-%m-%d %H:%M} UTC: {it.detail}" for it in record.latest_attempts)
        following = f"next attempt at {record.next_at:%Y-%m-%d %H:%M} UTC" if record.next_at else "no attempt scheduled"
        if not self._enabled:
            following = "fetching is off"
        attempts = attempts or "a round is running or was interrupted"
        return f"consecutive failures: {record.failures}; {attempts}; {following}"


def _healthy(detail: str) -> Health:
    return Health(PART, ok=True, detail=detail, required=False)
