"""Measures the largest contentful paint, layout shift and size of pages in a real browser.

    PYTHONPATH=src:. python -m bench.page docs/benchmarks/page.md

The limit, from the same run, is a one-line page with only the first image of the list; only this image comes from the
server. Everything is local, and the cache is empty each time.
"""

import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.pages import PAGES, PageCase
from tests.browser.site import Site, fill_site, run_site
from tests.browser.visitors import Screen, Visitor
from tests.e2e.program import Program, free_port

TIMES = 7
SHOWN = ("welcome", "home", "explore", "search", "post", "profile", "notifications", "settings")
MARKS = {"kilobytes": 60.0, "lcp": 1000.0, "shift": 0.05}
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


def main(report: Path) -> None:
    with _site() as site, _chromium() as chromium:
        image = site.call(site.users["ada"], "GET", f"/posts/{site.users['ada'].posts[-1]}")["images"][0]
        rows = []
        for screen in Screen:
            limit = [_limit(chromium, site, screen, image["urls"]["medium"]) for _ in range(TIMES)]
            rows.append(_row(screen, "(limit)", limit, limit))
            for place in (one for one in PAGES if one.name in SHOWN):
                loads = [_load(chromium, site, screen, place) for _ in range(TIMES)]
                rows.append(_row(screen, place.name, loads, limit))
                print(rows[-1], flush=True)
    report.write_text(_report(rows))


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


def _row(screen: Screen, name: str, loads: list[PageLoad], limit: list[PageLoad]) -> str:
    lcp, bare = (statistics.median(one.lcp for one in found) for found in (loads, limit))
    worst, shift = max(one.lcp for one in loads), max(one.shift for one in loads)
    kilobytes, requests = max(one.bytes for one in loads) / 1000, max(one.requests for one in loads)
    is_met = kilobytes <= MARKS["kilobytes"] and worst < MARKS["lcp"] and shift < MARKS["shift"]
    cells = screen.name.lower(), name, f"{lcp:.0f}", f"{worst:.0f}", f"{lcp / bare:.1f}", f"{shift:.3f}"
    return f"| {' | '.join(cells)} | {kilobytes:.1f} | {requests} | {'met' if is_met else '**missed**'} |"


def _report(rows: list[str]) -> str:
    about = f"""# Web pages in a browser

`make bench-page`: Debian's Chromium, {TIMES} loads of each page with an empty cache, server and
browser on the same machine. LCP is Largest Contentful Paint in milliseconds (median and worst). The
ratio compares it with the limit of the same run: a page of one line with one image of that size.
Shift is the worst cumulative layout shift. KB are transferred bytes with headers, without images.
Targets: LCP below 1,000 ms, shift below 0.05, at most 60 KB.

| Screen | Page | LCP | Worst | Ratio | Shift | KB | Requests | Target |
|---|---|---:|---:|---:|---:|---:|---:|---|"""
    return "\n".join([about, *rows, ""])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
