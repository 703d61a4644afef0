"""Last uses of tokens: collected in memory and written together, so that a request does not wait for a write."""

from domain.clock import Clock
from domain.ids import TokenId
from domain.unit_of_work import UnitOfWorkFactory


class TokenUses:
    def __init__(self, begin: UnitOfWorkFactory, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock
        self._used: set[TokenId] = set()

    def add(self, token_id: TokenId) -> None:
        """Note a use, which `write` stores."""
        self._used.add(token_id)

    async def write(self) -> None:
        """Store the noted uses. They are noted again if that fails."""
        used, self._used = self._used, set()
        if not used:
            return
        try:
            async with self._begin() as uow:
                await uow.tokens.record_uses(used, self._clock.now())
                await uow.commit()
        except BaseException:
            self._used |= used
            raise
