import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import Site, fill_site, run_site
from tests.browser.visitors import Screen, Visitor
from tests.e2e.program import Program, free_port
from tests.reaper import Reaper

TIMEOUT_MS = 20_000.0
"""Milliseconds that a page may take to show what it should, on a machine that has much else to do."""
expect.set_options(timeout=TIMEOUT_MS)

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine. Nothing is downloaded."""
    found = os.environ.get("TINTYPE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "no Chromium is on this machine: install one (Debian: chromium), or name it in TINTYPE_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(reaper: Reaper) -> Iterator[Site]:
    """The running program with PostgreSQL, a worker, a model and sample data."""
    with reaper.folder() as home, run_site(Program(home, free_port()), home) as site:
        fill_site(site)
        yield site


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a window for a visitor. Errors on its pages fail the test at the end."""
    with windows(chromium, site) as visit:
        yield visit


@contextmanager
def windows(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open windows on a site until the block ends. Errors on their pages fail the test then."""
    visitors: list[Visitor] = []

    def open_window(screen: Screen = Screen.DESKTOP, *, dark: bool = False, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=site.url,
            viewport=screen.size,
            has_touch=screen is Screen.PHONE,
            is_mobile=screen is Screen.PHONE,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(TIMEOUT_MS)
        visitors.append(Visitor(context.new_page(), site.url))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.page.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.errors] == []
