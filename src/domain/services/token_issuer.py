"""Issues the tokens of complete sign-ins and of programs."""

import logging
from datetime import datetime

from domain.clock import Clock
from domain.decisions import AccountSuspended, DecisionReader
from domain.devices import describe_device
from domain.effects import Effect, Target, TargetKind
from domain.ids import Ids, TokenId, UserId
from domain.known_origins import Origin
from domain.token_requests import IssuedToken, TokenLifetime, TokenRequest
from domain.tokens import Token, token_hash
from domain.unit_of_work import UnitOfWork
from domain.users import User

logger = logging.getLogger("tintype.security")


class TokenIssuer:
    def __init__(self, decision_reader: DecisionReader, clock: Clock, ids: Ids, lifetime: TokenLifetime) -> None:
        self._decision_reader = decision_reader
        self._clock = clock
        self._ids = ids
        self._lifetime = lifetime

    async def issue(
        self,
        uow: UnitOfWork,
        user: User,
        request: TokenRequest,
        origin: Origin | None,
        *,
        confirmed_at: datetime | None = None,
        second_factor_at: datetime | None = None,
    ) -> IssuedToken:
        """Add a token to the unit of work. Raises `AccountSuspended`, and `Invalid` for scopes above the account's
        role."""
        await self.require_not_suspended(user.id)
        request.check_role(user.role)
        secret, now = self._ids.secret(), self._clock.now()
        token = Token(
            TokenId(self._ids.new()),
            user.id,
            token_hash(secret),
            created_at=now,
            expires_at=now + (request.lifetime or self._lifetime.duration),
            name=request.name,
            scopes=request.scopes,
            device=describe_device(origin.user_agent) if origin else None,
            address=origin.address if origin else None,
            confirmed_at=confirmed_at,
            second_factor_at=second_factor_at,
        )
        await uow.tokens.add(token)
        logger.info("signed in", extra={"user": str(user.id)})
        return IssuedToken(secret, token)

    async def require_not_suspended(self, user_id: UserId) -> None:
        """Raise `AccountSuspended` if a decision suspends the account now."""
        decision = await self._decision_reader.in_force(Target(TargetKind.USER, user_id))
        if decision is not None and decision.effect is Effect.SUSPEND:
            logger.warning("a suspended account was refused", extra={"user": str(user_id)})
            raise AccountSuspended(decision)
