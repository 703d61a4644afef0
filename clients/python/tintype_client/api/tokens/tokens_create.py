from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.access_token import AccessToken
from ...models.problem import Problem
from ...models.tokens_create_body import TokensCreateBody
from ...types import Response


def _get_kwargs(
    *,
    body: TokensCreateBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/tokens",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AccessToken | Problem | None:
    if response.status_code == 200:
        response_200 = AccessToken.from_dict(response.json())

        return response_200

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AccessToken | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokensCreateBody,
) -> Response[AccessToken | Problem]:
    """Sign in

     Sign in: OAuth2's password flow with `username` and `password`. For a user with a second factor it
    answers 401
    `second_factor_required` with `methods` and a `challenge`: send the challenge with `second_factor`
    (a code) or
    `passkey` (JSON). Or send `challenge` and `passkey` alone after `POST /v1/tokens/passkey-
    challenges`.

    Send `name`, `scopes` and `expires_in` with the first step. The scope `read` is for calls that only
    read, `write`
    for all other calls of a user, `moderate` for those of moderators, `admin` for those of admins.

    Args:
        body (TokensCreateBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AccessToken | Problem]
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
    body: TokensCreateBody,
) -> AccessToken | Problem | None:
    """Sign in

     Sign in: OAuth2's password flow with `username` and `password`. For a user with a second factor it
    answers 401
    `second_factor_required` with `methods` and a `challenge`: send the challenge with `second_factor`
    (a code) or
    `passkey` (JSON). Or send `challenge` and `passkey` alone after `POST /v1/tokens/passkey-
    challenges`.

    Send `name`, `scopes` and `expires_in` with the first step. The scope `read` is for calls that only
    read, `write`
    for all other calls of a user, `moderate` for those of moderators, `admin` for those of admins.

    Args:
        body (TokensCreateBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AccessToken | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokensCreateBody,
) -> Response[AccessToken | Problem]:
    """Sign in

     Sign in: OAuth2's password flow with `username` and `password`. For a user with a second factor it
    answers 401
    `second_factor_required` with `methods` and a `challenge`: send the challenge with `second_factor`
    (a code) or
    `passkey` (JSON). Or send `challenge` and `passkey` alone after `POST /v1/tokens/passkey-
    challenges`.

    Send `name`, `scopes` and `expires_in` with the first step. The scope `read` is for calls that only
    read, `write`
    for all other calls of a user, `moderate` for those of moderators, `admin` for those of admins.

    Args:
        body (TokensCreateBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AccessToken | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: TokensCreateBody,
) -> AccessToken | Problem | None:
    """Sign in

     Sign in: OAuth2's password flow with `username` and `password`. For a user with a second factor it
    answers 401
    `second_factor_required` with `methods` and a `challenge`: send the challenge with `second_factor`
    (a code) or
    `passkey` (JSON). Or send `challenge` and `passkey` alone after `POST /v1/tokens/passkey-
    challenges`.

    Send `name`, `scopes` and `expires_in` with the first step. The scope `read` is for calls that only
    read, `write`
    for all other calls of a user, `moderate` for those of moderators, `admin` for those of admins.

    Args:
        body (TokensCreateBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AccessToken | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
