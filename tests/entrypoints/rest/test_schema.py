"""Random requests within and outside the OpenAPI document, reproducible in every run."""

import asyncio
from itertools import count
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import client_of
from tests.entrypoints.rest.visitors import new_visitor
from tests.examples import scale_examples

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
    ignored_auth,
]
CONTAINER = memory_container()
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", create_app(CONTAINER))
NUMBERS = count()


@pytest.fixture
def new_user() -> tuple[dict[str, str], dict[str, str]]:
    """The headers of a new user, and the names of their objects: a request may delete the account."""

    async def sign_up_with_content() -> tuple[dict[str, str], dict[str, str]]:
        async with client_of(CONTAINER) as client:
            ada = await new_visitor(client, f"ada{next(NUMBERS)}")
            post = await ada.post()
            comment = await ada.comment(post)
            own = {"username": ada.name, "post_id": post["id"], "comment_id": comment["id"]}
            return ada.headers, own | {"image_id": (await ada.upload())["id"]}

    return asyncio.run(sign_up_with_content())


@SCHEMA.parametrize()
@settings(
    max_examples=scale_examples(12),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
def test_api_matches_openapi_document(
    case: schemathesis.Case[Any], new_user: tuple[dict[str, str], dict[str, str]]
) -> None:
    headers, own = new_user
    named = case.path_parameters or {}
    if crc32(repr((named, case.query, case.body)).encode()) % 2:  # of made up names, next to nothing would be found
        case.path_parameters = {name: own.get(name, value) for name, value in named.items()}

    case.call_and_validate(headers=headers, checks=CHECKS)
