"""How fetching the main model goes. Serving does not need it: the default model answers meanwhile."""

from domain.errors import DomainError
from domain.health import Health, Probe
from domain.vision import Installer, ModelStore, may_replace
from domain.vision.model_fetch import REMEDY, FetchRecord, FetchRecords

PART = "model fetch"


class FetchProbe(Probe):
    """Reads the record only; asks no source. `enabled`: whether `tintype serve` fetches by itself."""

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
            return _healthy(f"done: {done}" if done else "not needed: the model that is installed stays")
        if record.failures:
            return Health(PART, ok=False, detail=self._failure_detail(record), remedy=REMEDY, required=False)
        if not self._enabled:
            return _healthy("this service does not fetch the main model; in a checkout `tintype model fetch` does")
        return _healthy("not tried yet; `tintype serve` fetches the main model, or `tintype model fetch` does it now")

    def _failure_detail(self, record: FetchRecord) -> str:
        attempts = "; ".join(f"{it.source} at {it.at:%Y-%m-%d %H:%M} UTC: {it.detail}" for it in record.latest_attempts)
        following = f"the next one is due at {record.next_at:%Y-%m-%d %H:%M} UTC" if record.next_at else "none is due"
        if not self._enabled:
            following = "this service begins no other"
        return (
            f"rounds that failed in a row: {record.failures}; {attempts or 'one runs, or was cut short'}; {following}"
        )


def _healthy(detail: str) -> Health:
    return Health(PART, ok=True, detail=detail, required=False)
