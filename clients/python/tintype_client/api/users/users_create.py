from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.user import User
from ...models.user_create import UserCreate
from ...types import Response


def _get_kwargs(
    *,
    body: UserCreate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/users",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | User | None:
    if response.status_code == 201:
        response_201 = User.from_dict(response.json())

        return response_201

    if 400 <= response.status_code <= 499:
        response_4xx = Problem.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = Problem.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | User]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: UserCreate,
) -> Response[Problem | User]:
    """Create an account, and send a link to verify the e-mail address

     Create an account, and send a link to verify the e-mail address. `Ada` is stored and displayed as
    `ada`. Where
    the service delivers mail, the answer does not reveal whether the address has an account already,
    and signing in
    by the address works when it is verified; `email_taken` is then not returned.

    `GET /v1/sign-up` says what else is needed: an invitation, a reason, the terms or a challenge.

    Args:
        body (UserCreate):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | User]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: UserCreate,
) -> Problem | User | None:
    """Create an account, and send a link to verify the e-mail address

     Create an account, and send a link to verify the e-mail address. `Ada` is stored and displayed as
    `ada`. Where
    the service delivers mail, the answer does not reveal whether the address has an account already,
    and signing in
    by the address works when it is verified; `email_taken` is then not returned.

    `GET /v1/sign-up` says what else is needed: an invitation, a reason, the terms or a challenge.

    Args:
        body (UserCreate):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | User
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: UserCreate,
) -> Response[Problem | User]:
    """Create an account, and send a link to verify the e-mail address

     Create an account, and send a link to verify the e-mail address. `Ada` is stored and displayed as
    `ada`. Where
    the service delivers mail, the answer does not reveal whether the address has an account already,
    and signing in
    by the address works when it is verified; `email_taken` is then not returned.

    `GET /v1/sign-up` says what else is needed: an invitation, a reason, the terms or a challenge.

    Args:
        body (UserCreate):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | User]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: UserCreate,
) -> Problem | User | None:
    """Create an account, and send a link to verify the e-mail address

     Create an account, and send a link to verify the e-mail address. `Ada` is stored and displayed as
    `ada`. Where
    the service delivers mail, the answer does not reveal whether the address has an account already,
    and signing in
    by the address works when it is verified; `email_taken` is then not returned.

    `GET /v1/sign-up` says what else is needed: an invitation, a reason, the terms or a challenge.

    Args:
        body (UserCreate):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | User
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
