"""The API documentation of both services: Swagger UI under the service's Content-Security-Policy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.onnx.models import OnnxModelStore
from tests.browser.conftest import TIMEOUT_MS
from tests.browser.site import PASSWORD
from tests.browser.visitors import Visitor
from tests.entrypoints.inference.service import serve_inference
from tests.models import tiny_model

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


@pytest.fixture
def inference_page(chromium: Browser, tmp_path: Path) -> Iterator[Visitor]:
    OnnxModelStore(tmp_path).install(tiny_model(tmp_path / "tiny.onnx"))
    with serve_inference(tmp_path) as url:
        context = chromium.new_context(base_url=url)
        context.set_default_timeout(TIMEOUT_MS)
        visitor = Visitor(context.new_page(), url)
        yield visitor
        context.close()
    assert visitor.errors == []


def expand(page: Page, path: str) -> None:
    operation = page.locator(".opblock", has=page.locator(f'[data-path="{path}"]')).first
    operation.locator(".opblock-summary-control").click()
    expect(operation.locator(".opblock-body")).to_be_visible()


def execute(page: Page) -> None:
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()


def test_api_documentation_calls_operation_as_signed_in_user(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    hosts: set[str] = set()
    visitor.page.on("request", lambda request: hosts.add(request.url.partition("://")[2].partition("/")[0]))
    page = visitor.go_to("/doc").page
    page.get_by_role("button", name="Authorize").click()
    dialog = page.locator(".dialog-ux")
    dialog.get_by_label("username").fill("ada")
    dialog.get_by_label("password").first.fill(PASSWORD)
    dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    expect(dialog.get_by_text("Logout", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Close").first.click()

    expand(page, "/v1/me")
    execute(page)

    expect(page.locator(".live-responses-table tbody .response-col_status")).to_contain_text("200")
    expect(page.locator(".live-responses-table .highlight-code").first).to_contain_text("Ada Lindqvist")
    assert hosts == {visitor.base_url.partition("://")[2]}


def test_api_documentation_of_inference_service_calls_operation(inference_page: Visitor) -> None:
    page = inference_page.go_to("/doc").page

    expand(page, "/v2")
    execute(page)

    expect(page.locator(".live-responses-table tbody .response-col_status")).to_contain_text("200")
    expect(page.locator(".live-responses-table .highlight-code").first).to_contain_text("tintype")


def test_api_documentation_follows_colour_scheme(visit: Callable[..., Visitor]) -> None:
    page = visit(dark=True).go_to("/doc").page

    expect(page.get_by_role("heading", name="Tintype").first).to_be_visible()
    red, green, blue = page.evaluate(BACKGROUND)
    assert max(red, green, blue) < 100
