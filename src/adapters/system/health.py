from domain.health import Health, Probe


class SystemProbe(Probe):
    """Reports a part that cannot fail."""

    def __init__(self, part: str, detail: str) -> None:
        self._part = part
        self._detail = detail

    async def check(self) -> Health:
        return Health(self._part, ok=True, detail=self._detail, required=False)
