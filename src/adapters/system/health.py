from domain.health import Health, Probe


class SystemProbe(Probe):
    """A part that cannot be out of order: it only says what it is."""

    def __init__(self, part: str, detail: str) -> None:
        self._part = part
        self._detail = detail

    async def check(self) -> Health:
        return Health(self._part, ok=True, detail=self._detail, required=False)
