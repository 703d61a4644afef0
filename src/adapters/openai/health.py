"""Whether captions can be asked for. Looks at the settings only: asking the service would cost a call each time."""

from adapters.openai.captions import service_host
from domain.health import Health, Probe
from domain.ledger import Prices

PART = "captions"


class OpenAiProbe(Probe):
    def __init__(self, api_key: str, base_url: str, model: str, prices: Prices) -> None:
        self._has_key = bool(api_key)
        self._base_url = base_url
        self._model = model
        self._prices = prices

    async def check(self) -> Health:
        said = f"{self._model} at {service_host(self._base_url)}"
        if not self._has_key and not self._base_url:
            return Health(PART, False, f"{said}, but there is no key", "Set OPENAI_API_KEY.", required=False)
        if self._model not in self._prices:
            remedy = f"Set TINTYPE_CAPTION_PRICES='{{\"{self._model}\": [in, out]}}', dollars per million tokens."
            return Health(PART, False, f"{said}, but its price is not known", remedy, required=False)
        return Health(PART, True, said, required=False)
