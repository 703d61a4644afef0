"""The documentation: complete, and from nowhere but here."""

import re
from typing import Any

import pytest
from httpx import AsyncClient

from entrypoints.asgi import create_app
from entrypoints.http.docs import STATIC
from tests.containers import memory_container

CALLS = """
POST /v1/users | POST /v1/tokens | DELETE /v1/tokens/current | GET /v1/me/tokens | DELETE /v1/me/tokens/{token_id}
DELETE /v1/me/tokens | GET /v1/me | PATCH /v1/me | DELETE /v1/me | PUT /v1/me/password | GET /v1/me/images
POST /v1/tokens/passkey-challenges | POST /v1/me/confirmations | GET /v1/me/second-factors
POST /v1/me/second-factors | POST /v1/me/second-factor-challenges
GET /v1/me/second-factors/{factor_id} | DELETE /v1/me/second-factors/{factor_id}
GET /v1/users/{username} | GET /v1/users/{username}/posts | GET /v1/users/{username}/followers
GET /v1/users/{username}/following | GET /v1/users/{username}/likes
PUT /v1/users/{username}/follow | DELETE /v1/users/{username}/follow
PUT /v1/users/{username}/block | DELETE /v1/users/{username}/block | GET /v1/me/blocks
PUT /v1/users/{username}/mute | DELETE /v1/users/{username}/mute | GET /v1/me/mutes
GET /v1/notifications | POST /v1/notifications/read | GET /v1/notifications/stream
GET /v1/follow-requests | PUT /v1/follow-requests/{username} | DELETE /v1/follow-requests/{username}
POST /v1/images | GET /v1/images/{image_id} | PATCH /v1/images/{image_id} | DELETE /v1/images/{image_id}
GET /v1/images/{image_id}/file | POST /v1/images/{image_id}/understanding/classification
POST /v1/images/{image_id}/understanding/caption | PUT /v1/images/{image_id}/labels/{key}
GET /v1/images/{image_id}/sensitive-media | PUT /v1/images/{image_id}/sensitive-media
GET /v1/images/{image_id}/similar | POST /v1/search/by-image
GET /v1/search | GET /v1/search/people | GET /v1/tags | GET /v1/tags/{tag}/posts
POST /v1/posts | GET /v1/posts | GET /v1/posts/{post_id} | PATCH /v1/posts/{post_id} | DELETE /v1/posts/{post_id}
PUT /v1/posts/{post_id}/like | DELETE /v1/posts/{post_id}/like | GET /v1/posts/{post_id}/likes
GET /v1/posts/{post_id}/comments | POST /v1/posts/{post_id}/comments | DELETE /v1/comments/{comment_id}
PUT /v1/me/email | POST /v1/email-proofs | PUT /v1/email-proofs/{token}
POST /v1/password-resets | PUT /v1/password-resets/{token}
POST /v1/reports | GET /v1/me/decisions | POST /v1/me/decisions/{decision_id}/appeal | POST /v1/appeals
GET /v1/moderation/reports | GET /v1/moderation/reports/{group_id}
GET /v1/moderation/reports/{group_id}/reports | POST /v1/moderation/decisions
GET /v1/moderation/decisions/{decision_id} | GET /v1/moderation/appeals
PUT /v1/moderation/appeals/{decision_id} | GET /v1/moderation/log
GET /v1/sign-up | GET /v1/terms | GET /v1/terms/{version} | POST /v1/terms
GET /v1/moderation/sign-ups | PUT /v1/moderation/sign-ups/{username} | DELETE /v1/moderation/sign-ups/{username}
GET /v1/invites | POST /v1/invites | DELETE /v1/invites/{invite_id}
GET /v1/moderation/blocklist | POST /v1/moderation/blocklist
POST /v1/moderation/blocklist-images | DELETE /v1/moderation/blocklist/{entry_id}
GET /v1/feed | GET /v1/rankings/most-liked | GET /v1/rankings/trending
GET /healthz | GET /readyz | GET /metrics
"""
"""Of the contract (docs: The calls), those that are there."""

DOCUMENT: dict[str, Any] = create_app(memory_container()).openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
API_OPERATIONS = {name: operation for name, operation in OPERATIONS.items() if "/v1/" in name}
IGNORE_TOKENS = {"GET /v1/sign-up", "GET /v1/terms", "GET /v1/terms/{version}"}
PUBLIC_OPERATIONS = {
    "POST /v1/users",
    "POST /v1/tokens",
    "POST /v1/tokens/passkey-challenges",
    "POST /v1/password-resets",
    "POST /v1/appeals",
} | IGNORE_TOKENS


def test_document_lists_exactly_the_calls_of_contract() -> None:
    assert set(OPERATIONS) == {call.strip() for call in re.split(r"[|\n]", CALLS) if call.strip()}


@pytest.mark.parametrize("name", API_OPERATIONS)
def test_every_refusal_is_described_as_problem(name: str) -> None:
    refusals = {status: answer for status, answer in API_OPERATIONS[name]["responses"].items() if int(status) >= 400}

    assert {"400", "422", "500", "503"} <= refusals.keys()
    for answer in refusals.values():
        assert answer["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.mark.parametrize("name", API_OPERATIONS)
def test_every_call_states_its_effect_and_its_authentication(name: str) -> None:
    operation = API_OPERATIONS[name]

    assert operation["description"].strip()
    assert operation["tags"]
    assert ("security" in operation) == (name not in PUBLIC_OPERATIONS)
    assert ("401" in operation["responses"]) == (name not in IGNORE_TOKENS)


def test_every_post_with_token_accepts_idempotency_key() -> None:
    keyed = {
        name
        for name, operation in API_OPERATIONS.items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    }

    assert keyed == {name for name in API_OPERATIONS if name.startswith("POST ")} - PUBLIC_OPERATIONS - {
        "POST /v1/search/by-image",
        "POST /v1/me/confirmations",
        "POST /v1/me/second-factors",
        "POST /v1/me/second-factor-challenges",
    }


def test_calls_that_take_a_token_and_do_not_need_one_say_so() -> None:
    optional = {name for name, operation in API_OPERATIONS.items() if {} in operation.get("security", ())}

    assert {"GET /v1/posts", "GET /v1/users/{username}", "GET /v1/images/{image_id}/file"} <= optional
    assert {name for name in optional if not name.startswith("GET ")} == {
        "POST /v1/search/by-image",
        "PUT /v1/email-proofs/{token}",
        "PUT /v1/password-resets/{token}",
    }
    assert not optional & {"GET /v1/me", "GET /v1/feed", "GET /v1/me/images", "GET /v1/me/tokens"}


def test_document_omits_schemas_of_framework() -> None:
    assert "HTTPValidationError" not in str(DOCUMENT)
    assert "ValidationError" not in DOCUMENT["components"]["schemas"]


def test_tokens_are_asked_for_as_oauth2_does() -> None:
    [scheme] = DOCUMENT["components"]["securitySchemes"].values()

    assert scheme["flows"]["password"]["tokenUrl"] == "/v1/tokens"


async def test_document_is_served(client: AsyncClient) -> None:
    answer = await client.get("/openapi.json")

    assert answer.status_code == 200
    assert "Tintype" in answer.json()["info"]["title"]


async def test_page_loads_own_assets_only(client: AsyncClient) -> None:
    page = await client.get("/doc")

    assert page.headers["content-type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"swagger-ui-bundle.js", "swagger-ui.css"} <= {name.rpartition("/")[2] for name in named}
    for name in named:
        if not name.startswith("data:"):
            assert (await client.get(name)).status_code == 200, name


async def test_browsers_keep_the_files_of_the_page_until_they_change(client: AsyncClient) -> None:
    page = await client.get("/doc")
    [script] = re.findall(r'src="([^"]+bundle.js)"', page.text)
    answer = await client.get(script)
    old = await client.get(re.sub("/doc/[0-9a-f]+/", "/doc/0123456789ab/", script))

    assert page.headers["cache-control"] == old.headers["cache-control"] == "no-cache"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == old.content
    assert (await client.get("/doc/0123456789ab/api.html")).status_code == 404


async def test_page_runs_own_scripts_and_contacts_own_host_only(client: AsyncClient) -> None:
    page = await client.get("/doc")

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://", policy)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon[a-z]+=|\bstyle=", page.text)


def test_viewer_has_licence_files() -> None:
    licences = {file.name for file in (STATIC / "vendor").iterdir() if file.suffix in {".LICENSE", ".NOTICE"}}

    assert licences == {"swagger-ui.LICENSE", "swagger-ui.NOTICE", "swagger-ui-bundle.LICENSE"}
    assert "Apache License" in (STATIC / "vendor" / "swagger-ui.LICENSE").read_text()


async def test_documentation_elsewhere_is_off(client: AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert (await client.get(path)).status_code == 404
