"""Rate limits as a route names them: REST and pages alike."""

from typing import Any

from fastapi import Depends, Request

from domain.rate_limits import Per, Rule
from entrypoints.rest.client_address import client_address
from entrypoints.rest.dependencies import container_of, session_of
from entrypoints.rest.usage import SCOPE_KEY


def limited(rule: Rule) -> Any:
    """A dependency that counts each request of a route. Raises `RateLimited` before the route begins."""

    async def counted(request: Request) -> None:
        await count(request, rule)

    return Depends(counted)


async def count(request: Request, rule: Rule, *what: object) -> None:
    """Count a use of whoever asks, of `what` if that is given; the answer tells how much is left. Raises
    `RateLimited`."""
    session = None if rule.per is Per.ADDRESS else await session_of(request)
    who = session.user_id if session else client_address(request)
    usage = await container_of(request).rate_limiting().count(rule, who, *what)
    if usage is not None:
        request.scope[SCOPE_KEY] = usage
