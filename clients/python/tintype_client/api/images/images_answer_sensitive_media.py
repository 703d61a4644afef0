from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.sensitive_media_answer import SensitiveMediaAnswer
from ...models.sensitive_media_score import SensitiveMediaScore
from ...types import Response


def _get_kwargs(
    image_id: str,
    *,
    body: SensitiveMediaAnswer,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/images/{image_id}/sensitive-media".format(
            image_id=quote(str(image_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SensitiveMediaScore | None:
    if response.status_code == 200:
        response_200 = SensitiveMediaScore.from_dict(response.json())

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
) -> Response[Problem | SensitiveMediaScore]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    image_id: str,
    *,
    client: AuthenticatedClient,
    body: SensitiveMediaAnswer,
) -> Response[Problem | SensitiveMediaScore]:
    """Answer whether an own image is sensitive

     Answer whether an own image is sensitive. `true` marks its post, now or when it is published;
    `false` changes no
    post.

    Args:
        image_id (str):
        body (SensitiveMediaAnswer):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SensitiveMediaScore]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    image_id: str,
    *,
    client: AuthenticatedClient,
    body: SensitiveMediaAnswer,
) -> Problem | SensitiveMediaScore | None:
    """Answer whether an own image is sensitive

     Answer whether an own image is sensitive. `true` marks its post, now or when it is published;
    `false` changes no
    post.

    Args:
        image_id (str):
        body (SensitiveMediaAnswer):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SensitiveMediaScore
    """

    return sync_detailed(
        image_id=image_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    image_id: str,
    *,
    client: AuthenticatedClient,
    body: SensitiveMediaAnswer,
) -> Response[Problem | SensitiveMediaScore]:
    """Answer whether an own image is sensitive

     Answer whether an own image is sensitive. `true` marks its post, now or when it is published;
    `false` changes no
    post.

    Args:
        image_id (str):
        body (SensitiveMediaAnswer):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SensitiveMediaScore]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    image_id: str,
    *,
    client: AuthenticatedClient,
    body: SensitiveMediaAnswer,
) -> Problem | SensitiveMediaScore | None:
    """Answer whether an own image is sensitive

     Answer whether an own image is sensitive. `true` marks its post, now or when it is published;
    `false` changes no
    post.

    Args:
        image_id (str):
        body (SensitiveMediaAnswer):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SensitiveMediaScore
    """

    return (
        await asyncio_detailed(
            image_id=image_id,
            client=client,
            body=body,
        )
    ).parsed
