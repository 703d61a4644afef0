from domain.errors import Unavailable
from domain.sample_data import RowReporter, SampleData, SampleSpec


class MemorySampleData(SampleData):
    """Refuses: it would be gone with the command that made it."""

    async def check_empty(self) -> None:
        raise Unavailable("sample data needs a database that stays; unset TINTYPE_STORE=memory")

    async def fill(self, sample: SampleSpec, advance: RowReporter) -> None:  # noqa: ARG002
        await self.check_empty()
