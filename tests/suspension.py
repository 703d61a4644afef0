"""Suspended accounts, for tests of sign-in."""

from datetime import UTC, datetime

from container import Container
from domain.effects import Effect, NewDecision, Target, TargetKind
from domain.roles import Moderator, Role
from domain.users import SignUp

LATER = datetime(2099, 1, 1, tzinfo=UTC)
"""Later than now on the clocks of the container and of PostgreSQL."""


async def suspend(container: Container, name: str) -> None:
    """Suspend an account as a new administrator."""
    accounts, now = container.accounts(), container.clock().now()
    boss = (await accounts.sign_up(SignUp("boss", "boss@example.org", "a long password", role=Role.ADMIN))).user
    target = Target(TargetKind.USER, (await accounts.account(name)).user.id)
    decision = NewDecision(target, "no spam", "it is spam", Effect.SUSPEND, LATER, now)
    await container.moderating().decide(Moderator(boss.id, boss.username, boss.role), decision)
