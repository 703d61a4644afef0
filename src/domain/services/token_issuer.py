"""Issues the token of a complete sign-in."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from domain.clock import Clock
from domain.decisions import AccountSuspended, DecisionReader
from domain.effects import Effect, Target, TargetKind
from domain.ids import Ids, TokenId, UserId
from domain.tokens import Token, token_hash
from domain.unit_of_work import UnitOfWork

logger = logging.getLogger("tintype.security")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token with its secret, which is returned only here. `device` is the secret by which this browser is known
    at the next sign-in."""

    secret: str
    token: Token
    device: str | None = None


@dataclass(frozen=True, slots=True)
class TokenLifetime:
    """How long a token is valid."""

    days: int = 30

    @property
    def duration(self) -> timedelta:
        return timedelta(days=self.days)


class TokenIssuer:
    def __init__(self, decision_reader: DecisionReader, clock: Clock, ids: Ids, lifetime: TokenLifetime) -> None:
        self._decision_reader = decision_reader
        self._clock = clock
        self._ids = ids
        self._lifetime = lifetime

    async def issue(self, uow: UnitOfWork, user_id: UserId, *, second_factor: bool = False) -> IssuedToken:
        """Add a token to the unit of work. Raises `AccountSuspended`."""
        await self.require_not_suspended(user_id)
        secret, now = self._ids.secret(), self._clock.now()
        proved_at = now if second_factor else None
        token = Token(
            TokenId(self._ids.new()),
            user_id,
            token_hash(secret),
            now,
            now + self._lifetime.duration,
            confirmed_at=proved_at,
            second_factor_at=proved_at,
        )
        await uow.tokens.add(token)
        logger.info("signed in", extra={"user": str(user_id)})
        return IssuedToken(secret, token)

    async def require_not_suspended(self, user_id: UserId) -> None:
        """Raise `AccountSuspended` if a decision suspends the account now."""
        decision = await self._decision_reader.in_force(Target(TargetKind.USER, user_id))
        if decision is not None and decision.effect is Effect.SUSPEND:
            logger.warning("a suspended account was refused", extra={"user": str(user_id)})
            raise AccountSuspended(decision)
