"""Takes screenshots of all pages into docs/screenshots: phones in the light theme, desktops in the dark one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.pages import PAGES, PageCase
from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
@pytest.mark.parametrize("screen", Screen, ids=lambda screen: screen.name.lower())
def test_screenshot_of_page(
    screen: Screen, place: PageCase, visit: Callable[..., Visitor], site: Site, tmp_path: Path
) -> None:
    visitor = visit(screen, dark=screen is Screen.DESKTOP)
    place.open(visitor, site)
    for image in visitor.page.locator("main img.image").all()[:1]:
        expect(image).to_have_js_property("complete", True)
    visitor.page.wait_for_timeout(300)  # for what is complete to be painted

    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{place.name}-{screen.name.lower()}.jpg"
    folders = visitor.page.get_by_text("/blobs")  # this machine's are nobody's business
    visitor.page.screenshot(path=path, type="jpeg", quality=72, mask=[folders], mask_color="#8d857a")
    assert path.stat().st_size > 5_000
