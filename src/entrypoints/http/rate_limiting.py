"""Rate limits of routes, for the REST API and the web UI."""

from typing import Any

from fastapi import Depends, Request

from domain.rate_limits import RECIPIENT, Per, Rule
from entrypoints.http.client_address import client_address
from entrypoints.http.dependencies import container_of, session_of
from entrypoints.http.rate_limit_headers import USAGE_KEY


def rate_limit(rule: Rule) -> Any:
    """Return a dependency that counts each request of a route. It raises `RateLimited` before the route runs."""

    async def count_request(request: Request) -> None:
        await count_use(request, rule)

    return Depends(count_request)


async def count_use(request: Request, rule: Rule, *subject: object) -> None:
    """Count a use by the caller, of `subject` if given. The response reports the remaining uses. Raises
    `RateLimited`."""
    session = None if rule.per is Per.ADDRESS else await session_of(request)
    who = session.user_id if session else client_address(request)
    usage = await container_of(request).rate_limiting().count(rule, who, *subject)
    if usage is not None:
        request.scope[USAGE_KEY] = usage


async def count_recipient(request: Request, email: str) -> None:
    """Count a request that sends a message to this normalized address, whoever makes it. Raises `RateLimited`."""
    await container_of(request).rate_limiting().count(RECIPIENT, email)
