"""Measures the largest contentful paint, layout shift and size of pages in a real browser.

    PYTHONPATH=src:. python -m bench.page docs/benchmarks/page.md

The limit is a one-line page with only the first image of the list; only this image comes from the server. Each load of
a page alternates with a load of the limit. Everything is local, and the cache is empty each time.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.machine import QuietMachine
from bench.targets import ROUNDS, Comparison, Target, overview, table
from tests.browser.pages import PAGES, PageCase
from tests.browser.site import Site, fill_site, run_site
from tests.browser.visitors import Screen, Visitor
from tests.e2e.program import Program, free_port

SHOWN = ("welcome", "home", "explore", "search", "post", "profile", "notifications", "settings")
OVERVIEW = ("home", "post")
"""Pages that the overview shows."""
MAX_KILOBYTES, MAX_LCP, MAX_SHIFT = 60.0, 1000.0, 0.05
_WATCH = """
window.measured = {lcp: 0, shift: 0};
new PerformanceObserver(list => { for (const one of list.getEntries()) measured.lcp = one.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
const add = one => { if (!one.hadRecentInput) measured.shift += one.value; };
new PerformanceObserver(list => list.getEntries().forEach(add))
  .observe({type: "layout-shift", buffered: true});
"""
_READ = """() => {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const bytes = entries.filter(one => !one.name.includes("/file?")).map(one => one.transferSize);
  return {...measured, bytes: bytes.reduce((sum, one) => sum + one, 0), requests: bytes.length};
}"""


@dataclass(frozen=True, slots=True)
class PageLoad:
    """One load: milliseconds until the largest contentful paint, layout shift, and bytes and requests without
    images."""

    lcp: float
    shift: float
    bytes: int
    requests: int


@dataclass(frozen=True, slots=True)
class PageLoads:
    """`limits` has a load of the limit for each load of the page."""

    name: str
    loads: list[PageLoad]
    limits: list[PageLoad]

    @property
    def row(self) -> str:
        kilobytes, requests = self.loads[0].bytes / 1000, self.loads[0].requests
        lcp, limit = (median(one.lcp for one in loads) for loads in (self.loads, self.limits))
        return f"| {self.name} | {lcp:.0f} | {limit:.0f} | {kilobytes:.1f} | {requests} |"


def main(report: Path) -> None:
    machine = QuietMachine()
    with _site() as site, _chromium() as chromium:
        image = site.call(site.users["ada"], "GET", f"/posts/{site.users['ada'].posts[-1]}")["images"][0]
        pages = []
        for screen in Screen:
            for place in (one for one in PAGES if one.name in SHOWN):
                loads, limits = [], []
                for _ in range(ROUNDS):
                    loads.append(_load(chromium, site, screen, place))
                    limits.append(_limit(chromium, site, screen, image["urls"]["medium"]))
                pages.append(PageLoads(f"{place.name}, {screen.name.lower()}", loads, limits))
                print(pages[-1].row, flush=True)
    machine.finish()
    report.write_text(_report(pages, machine.lines))


@contextmanager
def _site() -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)
    with run_site(Program(home, free_port()), home) as site:
        fill_site(site)
        for citizen in site.users.values():
            for post in citizen.posts:
                for image in site.call(citizen, "GET", f"/posts/{post}")["images"]:
                    site.wait_until_understood(citizen, image["id"])
        yield site
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def _load(chromium: Browser, site: Site, screen: Screen, place: PageCase) -> PageLoad:
    context = _window(chromium, site, screen)
    place.open(visitor := Visitor(context.new_page(), site.url), site)
    return _read(context, visitor.page)


def _limit(chromium: Browser, site: Site, screen: Screen, image: str) -> PageLoad:
    context = _window(chromium, site, screen)
    page = context.new_page()
    html = f'<!doctype html><meta name="viewport" content="width=device-width"><img src="{image}" width="100%">'
    page.route(re.compile("/limit$"), lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/limit")
    return _read(context, page)


def _window(chromium: Browser, site: Site, screen: Screen) -> BrowserContext:
    phone = screen is Screen.PHONE
    context = chromium.new_context(base_url=site.url, viewport=screen.size, is_mobile=phone, has_touch=phone)
    context.add_init_script(_WATCH)
    return context


def _read(context: BrowserContext, page: Any) -> PageLoad:
    page.wait_for_timeout(700)
    load = PageLoad(**page.evaluate(_READ))
    context.close()
    return load


def _targets(pages: list[PageLoads]) -> list[Target]:
    """Return a target for each measure. The samples are those of the worst page of each round."""
    rounds = list(zip(*(page.loads for page in pages), strict=True))
    slowest = [max(one.lcp for one in loads) for loads in rounds]
    shifts = [max(one.shift for one in loads) for loads in rounds]
    kilobytes = [max(one.bytes for one in loads) / 1000 for loads in rounds]
    return [
        Target("LCP of the slowest page, ms", slowest, MAX_LCP, at_most=True),
        Target("largest layout shift", shifts, MAX_SHIFT, at_most=True),
        Target("largest page without images, KB", kilobytes, MAX_KILOBYTES, at_most=True),
    ]


def _comparison(page: PageLoads) -> Comparison:
    lcp, limit = (median(one.lcp for one in loads) for loads in (page.loads, page.limits))
    ratios = [load.lcp / bare.lcp for load, bare in zip(page.loads, page.limits, strict=True)]
    return Comparison(f"LCP of the page {page.name}", f"{lcp:.0f} ms", ratios, f"{limit:.0f} ms (one image)")


def _report(pages: list[PageLoads], machine: list[str]) -> str:
    about = f"""# Web pages in a browser

`make bench-page`: Debian's Chromium, {ROUNDS} loads of each page with an empty cache, server and
browser on the same machine. LCP is Largest Contentful Paint. The limit is a page of one line with
one image of the size that the pages show. Loads of page and limit alternate. KB are transferred
bytes with headers, without images."""
    shown = [page for page in pages if page.name.startswith(OVERVIEW)]
    lines = [about, "", *table(_targets(pages)), "", *overview([_comparison(page) for page in shown]), ""]
    lines += ["| Page | LCP, ms | Limit, ms | KB | Requests |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*lines, *(page.row for page in pages), "", *machine, ""])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
