from collections.abc import Iterable

from domain.blocklist import HashKind, Match
from domain.errors import Unavailable
from domain.screening import Screening
from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, pdq_distance


class MemoryScreening(Screening):
    """A service with one list. It is unavailable while `is_down`."""

    def __init__(self, listed: Iterable[Pdq] = ()) -> None:
        self.listed = list(listed)
        self.is_down = False

    async def look_up(self, pdq: Pdq) -> Match | None:
        if self.is_down:
            raise Unavailable("the screening service is unavailable")
        distance = min((pdq_distance(pdq, one) for one in self.listed), default=MAX_PDQ_DISTANCE + 1)
        if distance > MAX_PDQ_DISTANCE:
            return None
        return Match(HashKind.PDQ, distance, "listed by the screening service", "memory")
