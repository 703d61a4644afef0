"""Checks that captions can be requested. It reads the settings only: a call to the service would cost money."""

from adapters.openai.captions import service_host
from domain.health import Health, Probe
from domain.ledger import Prices

PART = "captions"
PRICE_REMEDY = (
    "set TINTYPE_CAPTION_PRICES='{\"MODEL\": [in, out]}', dollars per million tokens; [0, 0] is for a model of your own"
)


class OpenAiProbe(Probe):
    def __init__(self, api_key: str, base_url: str, model: str, prices: Prices) -> None:
        self._has_key = bool(api_key)
        self._base_url = base_url
        self._model = model
        self._prices = prices

    async def check(self) -> Health:
        target = f"{self._model} at {service_host(self._base_url)}"
        if not self._has_key and not self._base_url:
            return Health(PART, False, f"{target}, but there is no key", "Set OPENAI_API_KEY.", required=False)
        if self._model not in self._prices:
            return Health(PART, False, f"{target}, but its price is not known", PRICE_REMEDY, required=False)
        return Health(PART, True, target, required=False)
