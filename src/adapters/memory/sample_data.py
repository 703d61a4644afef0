from domain.errors import Unavailable
from domain.sample_data import RowReporter, SampleData, SampleSpec


class MemorySampleData(SampleData):
    """Refuses to generate data: it would be gone when the command ends."""

    async def check_empty(self) -> None:
        raise Unavailable("sample data needs a persistent database; unset TINTYPE_STORE=memory")

    async def fill(self, sample: SampleSpec, advance: RowReporter) -> None:  # noqa: ARG002
        await self.check_empty()
