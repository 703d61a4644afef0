"""Protection of sign-in against guessing. Guessers are slowed down, and cannot lock out users at known origins."""

from domain.clock import Clock
from domain.ids import Ids, UserId
from domain.known_origins import KnownOrigins, Origin
from domain.rate_limits import CONFIRM_PASSWORD, SECOND_FACTOR, SIGN_IN_ADDRESS, SIGN_IN_DEVICE, SIGN_IN_NAME
from domain.services.rate_limiting import RateLimiting


class SignInGuard:
    def __init__(self, origins: KnownOrigins, rate_limiting: RateLimiting, clock: Clock, ids: Ids) -> None:
        self._origins = origins
        self._rate_limiting = rate_limiting
        self._clock = clock
        self._ids = ids

    async def admit(self, login: str, user_id: UserId | None, origin: Origin) -> bool:
        """Count an attempt before its password is checked. Return whether it comes from a known origin of the account.
        Unknown origins share the limits of the name; guesses from there never use up the limits of a known origin.
        Raises `RateLimited`."""
        if user_id is not None and (mark := await self._find_known_mark(user_id, origin)):
            await self._rate_limiting.count(SIGN_IN_DEVICE, mark)
            return True
        await self._rate_limiting.count(SIGN_IN_ADDRESS, origin.address)
        await self._rate_limiting.count(SIGN_IN_NAME, login)
        return False

    async def admit_confirmation(self, user_id: UserId) -> None:
        """Count that a signed-in user confirms their password. Raises `RateLimited`."""
        await self._rate_limiting.count(CONFIRM_PASSWORD, user_id)

    async def admit_second_factor(self, user_id: UserId) -> None:
        """Count an attempt with a second factor before it is checked. The limit cannot lock out a user whose password
        nobody else knows. Raises `RateLimited`."""
        await self._rate_limiting.count(SECOND_FACTOR, user_id)

    async def _find_known_mark(self, user_id: UserId, origin: Origin) -> str | None:
        marks = origin.marks(user_id)
        known = await self._origins.filter_known(user_id, marks, self._clock.now())
        return next((mark for mark in marks if mark in known), None)

    async def remember(self, login: str, user_id: UserId, origin: Origin) -> str:
        """Record the origin after a complete sign-in, and reset the attempts before it. Return the secret that this
        browser stores as `Origin.device`."""
        device = origin.device or ""
        if not device or origin.device_mark(user_id) not in await self._origins.filter_known(
            user_id, origin.marks(user_id), self._clock.now()
        ):
            device = self._ids.secret()
        marks = Origin(origin.address, device).marks(user_id)
        await self._origins.record(user_id, marks, self._clock.now())
        await self._rate_limiting.reset(SIGN_IN_NAME, login)
        await self._rate_limiting.reset(SECOND_FACTOR, user_id)
        for mark in marks:
            await self._rate_limiting.reset(SIGN_IN_DEVICE, mark)
        return device

    async def delete_expired(self) -> int:
        """Delete expired origins. Return their number."""
        return await self._origins.delete_expired(self._clock.now())
