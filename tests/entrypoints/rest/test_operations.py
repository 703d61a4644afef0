"""Health, readiness, metrics, and the headers of all responses."""

import asyncio
import re
from collections.abc import Sequence

import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from container import Container
from domain.errors import Unavailable
from domain.health import Health, Probe
from domain.roles import Role
from domain.services.health_checks import HealthChecks
from domain.services.image_analysis import ImageAnalysis
from domain.understanding import TaskCount
from domain.users import SignUp
from entrypoints.asgi import create
from entrypoints.rest.metrics import ApiMetrics
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import PASSWORD, client_of, client_of_app, sign_up
from tests.sample_images import a_jpeg


class FixedProbe(Probe):
    def __init__(self, part: str, *, ok: bool, required: bool) -> None:
        self._health = Health(part, ok=ok, detail="as the test says", remedy="tintype doctor", required=required)

    async def check(self) -> Health:
        return self._health


async def test_health_means_that_process_responds(client: AsyncClient) -> None:
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_readiness_lists_all_parts(client: AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {"database", "storage", "model"} <= {part["part"] for part in answer.json()["parts"]}


@pytest.mark.parametrize(("required", "status"), [(True, 503), (False, 200)])
async def test_only_required_part_prevents_serving(*, required: bool, status: int) -> None:
    probes = (FixedProbe("database", ok=True, required=True), FixedProbe("other", ok=False, required=required))
    async with client_of(memory_container(health_checks=HealthChecks(probes))) as client:
        answer = await client.get("/readyz")
        alive = await client.get("/healthz")

    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    failed = {"part": "other", "ok": False, "required": required, "detail": None, "remedy": None}
    assert failed in answer.json()["parts"]
    assert alive.status_code == 200


async def test_details_of_parts_are_for_admins() -> None:
    container = memory_container(health_checks=HealthChecks([FixedProbe("database", ok=False, required=True)]))
    async with client_of(container) as client:
        user = await sign_up(client, "ada")
        await container.accounts().sign_up(SignUp("root", "root@example.com", PASSWORD, role=Role.ADMIN))
        signed_in = await client.post("/v1/tokens", data={"username": "root", "password": PASSWORD})
        admin = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
        for headers, detail in (({}, None), (user, None), ({"Authorization": "x"}, None), (admin, "as the test says")):
            answer = await client.get("/readyz", headers=headers)
            assert (answer.status_code, answer.json()["parts"][0]["detail"]) == (503, detail)


async def test_missing_model_is_reported_and_does_not_prevent_serving() -> None:
    probes = (FixedProbe("database", ok=True, required=True), FixedProbe("model", ok=False, required=False))
    async with client_of(memory_container(health_checks=HealthChecks(probes))) as client:
        answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert [part["ok"] for part in answer.json()["parts"] if part["part"] == "model"] == [False]


async def read_metrics(client: AsyncClient) -> str:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


async def test_requests_are_counted_by_route_template(client: AsyncClient) -> None:
    for name in ("ada", "ben"):
        await sign_up(client, name)
        await client.get(f"/v1/users/{name}")
    await client.get("/v1/users/nobody")
    await client.get("/nowhere/at/all")

    text = await read_metrics(client)

    assert 'tintype_requests_total{method="GET",route="/v1/users/{username}",status="200"} 2.0' in text
    assert 'tintype_requests_total{method="GET",route="/v1/users/{username}",status="404"} 1.0' in text
    assert 'tintype_requests_total{method="GET",route="",status="404"} 1.0' in text
    assert 'tintype_request_seconds_count{method="GET",route="/v1/users/{username}"} 3.0' in text
    assert "nowhere" not in text


PAGES = ["/@{}", "/@{}/likes", "/posts/{}", "/posts/{}/edit", "/pictures/{}/similar", "/tags/{}", "/assets/{}/{}"]


async def test_metrics_contain_no_input_of_clients(client: AsyncClient) -> None:
    """Every parameter of all calls of the OpenAPI document, and of pages, contains the client's own text."""
    document = (await client.get("/openapi.json")).json()
    calls = [(method, path) for path, methods in document["paths"].items() for method in methods]
    for number, (method, template) in enumerate([*calls, *(("get", page) for page in PAGES)]):
        path = re.sub(r"\{\w*\}", f"made-up-{number}", template)
        if not path.endswith("/stream"):
            await client.request(method.upper(), path)
            await client.request("MADE-UP", f"{path}/made-up")

    text = await read_metrics(client)

    assert "made-up" not in text.lower()
    assert 'route="/v1/posts/{post_id}/comments"' in text
    assert 'route="/@{username}/likes"' in text


async def test_metrics_move_to_own_port() -> None:
    async with client_of(memory_container(config={"metrics_port": 9101})) as client:
        assert (await client.get("/metrics")).status_code == 404
        assert "/metrics" not in (await client.get("/openapi.json")).json()["paths"]


async def test_wrong_counters_are_reported_after_check(client: AsyncClient, container: Container) -> None:
    assert "tintype_counters_wrong{" not in await read_metrics(client)
    await container.storage().counters.record_check(container.clock().now())
    text = await read_metrics(client)
    assert 'tintype_counters_wrong{counter="post.like_count"} 0.0' in text
    assert "tintype_counters_checked_timestamp_seconds 1.767" in text


async def test_unknown_methods_make_no_series(client: AsyncClient) -> None:
    for method in ("BREW", "FROB", "GRIN"):
        await client.request(method, "/v1/posts")

    text = await read_metrics(client)

    assert 'tintype_requests_total{method="other",route="/v1/posts",status="405"} 3.0' in text
    assert "BREW" not in text


async def test_pending_images_are_counted(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")
    await client.post("/v1/images", headers=headers, files={"file": ("a.jpg", a_jpeg())})

    assert 'tintype_understanding_images{state="pending",task="classification"} 1.0' in await read_metrics(client)


class UnreachableUnderstanding(ImageAnalysis):
    """A service whose database is unreachable or hangs."""

    def __init__(self, *, hangs: bool = False) -> None:
        self._hangs = hangs

    async def task_counts(self) -> Sequence[TaskCount]:
        if self._hangs:
            await asyncio.Event().wait()
        raise Unavailable("the database does not answer")


async def test_scrape_succeeds_without_database() -> None:
    async with client_of(memory_container(image_analysis=UnreachableUnderstanding())) as client:
        text = await read_metrics(client)

    assert "tintype_requests_total" in text
    assert "tintype_understanding_images{" not in text


async def test_scrape_does_not_wait_for_hanging_database() -> None:
    container = memory_container(image_analysis=UnreachableUnderstanding(hangs=True))

    assert b"process_cpu_seconds_total" in await ApiMetrics(scrape_timeout=0.01).exposition(container)


async def test_application_uses_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORE", "BLOBS", "CLASSIFIER"):
        monkeypatch.setenv(f"TINTYPE_{name}", "memory")
    monkeypatch.setenv("TINTYPE_ALLOWED_HOSTS", "tintype.test")
    app = create()

    async with app.router.lifespan_context(app), client_of_app(app) as client:
        ready = await client.get("/readyz")

    assert ready.json()["ready"] is True
    assert app.state.container.config.store() == "memory"


@pytest.mark.parametrize("path", ["/healthz", "/v1/posts", "/nowhere", "/v1/me", "/doc"])
async def test_responses_have_request_id_and_security_headers(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


async def test_valid_request_id_is_used(client: AsyncClient) -> None:
    answer = await client.get("/nowhere", headers={"X-Request-ID": "trace-7.1_a"})

    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "trace-7.1_a"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a\tb", "é"])
async def test_invalid_request_id_is_replaced(client: AsyncClient, given: str) -> None:
    answer = await client.get("/healthz", headers={b"X-Request-ID": given.encode()})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_request_is_one_log_line_without_secrets(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")

    with capture_logs() as lines:
        answer = await client.get("/v1/posts?limit=3&secret=s3cret", headers=headers)

    [line] = lines
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/posts", 200)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["ms"] >= 0
    assert headers["Authorization"].split()[1] not in str(line)
    assert "s3cret" not in str(line)


async def test_other_origins_are_denied_by_default(client: AsyncClient) -> None:
    answer = await client.get("/v1/posts", headers={"Origin": "https://app.example"})

    assert "access-control-allow-origin" not in answer.headers


async def test_configured_origin_can_use_token_and_read_headers() -> None:
    preflight = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization, idempotency-key",
    }
    async with client_of(memory_container(config={"origins": ["https://app.example"]})) as client:
        asked = await client.options("/v1/posts", headers=preflight)
        answer = await client.get("/v1/posts", headers={"Origin": "https://app.example"})
        other = await client.get("/v1/posts", headers={"Origin": "https://evil.example"})

    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "https://app.example"
    assert "Idempotency-Key" in asked.headers["access-control-allow-headers"]
    assert {"Link", "Location", "X-Request-ID"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-origin" not in other.headers
