"""WCAG 2.2 AA, as far as axe-core can check it, for all pages in both sizes and both themes."""

from collections.abc import Callable
from importlib.resources import files

import pytest

from tests.browser.pages import PAGES, PageCase
from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

ANIMATIONS_FINISHED = """() => Promise.all(document.getAnimations()
    .filter(one => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map(one => one.finished.catch(() => null)))"""
"""Transitions have ended: halfway between two themes a colour has neither contrast."""


REQUESTS_FINISHED = "() => !document.querySelector('.htmx-request')"
"""No request of the page is under way: what waits for one is shown faintly until then."""


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
@pytest.mark.parametrize("screen", Screen, ids=lambda screen: screen.name.lower())
def test_page_is_accessible(screen: Screen, place: PageCase, visit: Callable[..., Visitor], site: Site) -> None:
    visitor = visit(screen)
    place.open(visitor, site)
    page = visitor.page
    page.wait_for_function(REQUESTS_FINISHED)
    page.evaluate(AXE)
    found = {}
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.wait_for_function(REQUESTS_FINISHED)  # a notification may have started another one
        page.evaluate(ANIMATIONS_FINISHED)
        answer = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        assert answer["passes"], "axe has looked at nothing"
        for one in answer["violations"]:
            found[dark, one["id"]] = [(node["html"][:200], node["failureSummary"][:300]) for node in one["nodes"][:3]]

    assert found == {}


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_page_does_not_scroll_horizontally(place: PageCase, visit: Callable[..., Visitor], site: Site) -> None:
    """Reflow (WCAG 1.4.10): 320 pixels correspond to a desktop page at 400 %."""
    visitor = visit(Screen.PHONE)
    place.open(visitor, site)
    page = visitor.page
    widths = {}
    for width in (320, 390, 768, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        widths[width] = page.evaluate("document.documentElement.scrollWidth")

    assert all(found <= width for width, found in widths.items()), widths
