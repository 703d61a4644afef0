"""What scripts add to pages that work without them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from entrypoints.http.cookies import SESSION_COOKIE
from tests.browser.landscapes import landscape
from tests.browser.site import Site
from tests.browser.visitors import Screen, Visitor

HEIGHT = "document.documentElement.scrollHeight"
SCROLL_TO_END = f"scrollTo(0, {HEIGHT})"


@pytest.fixture
def ada(visit: Callable[..., Visitor], site: Site) -> Visitor:
    return visit().use_session_of(site.users["ada"])


def test_list_loads_more_and_going_back_restores_position(ada: Visitor) -> None:
    page = ada.go_to("/explore/newest").page
    cards = page.locator("article.card")
    expect(cards).to_have_count(12)
    page.evaluate(SCROLL_TO_END)
    expect(cards).not_to_have_count(12)
    loaded, last = cards.count(), cards.nth(14)
    assert len({card.get_attribute("id") for card in cards.all()}) == loaded
    last.locator(".posted-at a").scroll_into_view_if_needed()
    place, name = page.evaluate("scrollY"), last.get_attribute("id")
    last.locator(".posted-at a").click()
    page.wait_for_url("**/posts/*")

    page.go_back()
    expect(cards).to_have_count(loaded)
    expect(page.locator(f"#{name}")).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - place) < 200


def test_labels_appear_after_classification(ada: Visitor, site: Site) -> None:
    post = site.post(site.users["ada"], "just now", landscape(200))
    page = ada.go_to(f"/posts/{post}").page

    expect(page.locator(".image-labels .label").first).to_be_visible()
    expect(page.locator(".image-labels")).to_contain_text("labelled by mobilenet_v2")


def test_notification_updates_badge(ada: Visitor, site: Site) -> None:
    page = _mark_all_read(ada, site)

    site.call(site.users["eve"], "POST", f"/posts/{site.users['ada'].posts[0]}/comments", json={"text": "hello"})

    expect(page.locator("#unread-badge")).to_contain_text("1")


def test_hidden_tab_updates_badge_when_visible_again(ada: Visitor, site: Site) -> None:
    page = _mark_all_read(ada, site)
    hide = "Object.defineProperty(document, 'visibilityState', {value: %r, configurable: true});"
    page.evaluate(hide % "hidden" + "document.dispatchEvent(new Event('visibilitychange'))")
    site.call(site.users["bob"], "POST", f"/posts/{site.users['ada'].posts[0]}/comments", json={"text": "hi"})
    expect(page.locator("#unread-badge")).to_be_hidden()
    page.evaluate(hide % "visible" + "document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#unread-badge")).to_contain_text("1")


def _mark_all_read(ada: Visitor, site: Site) -> Page:
    (newest,) = site.call(site.users["ada"], "GET", "/notifications?limit=1")["items"]
    site.call(site.users["ada"], "POST", "/notifications/read", json={"up_to": newest["id"]})
    with ada.page.expect_response("**/notifications/count"):  # requested when the stream is open
        ada.go_to("/explore")
    expect(ada.page.locator("#unread-badge")).to_be_hidden()
    return ada.page


def test_like_keeps_focus_and_updates_count(ada: Visitor, site: Site) -> None:
    page = ada.go_to(f"/posts/{site.users['eve'].posts[1]}").page
    heart = page.locator(".like button")
    before = heart.get_attribute("aria-pressed")
    heart.focus()
    page.keyboard.press("Enter")

    expect(heart).not_to_have_attribute("aria-pressed", str(before))
    expect(heart).to_be_focused()
    page.keyboard.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", str(before))


def test_refusal_is_displayed(ada: Visitor, site: Site) -> None:
    post = site.post(site.users["bob"], "soon gone", landscape(201))
    page = ada.go_to(f"/posts/{post}").page
    site.call(site.users["bob"], "DELETE", f"/posts/{post}")
    page.locator(".like button").click()

    expect(page.get_by_role("status")).to_contain_text("post not found; it may have been deleted")


def test_ended_session_redirects_to_sign_in(visit: Callable[..., Visitor], site: Site) -> None:
    visitor = visit().sign_in("ned")
    page = visitor.go_to(f"/posts/{site.users['eve'].posts[0]}").page
    (session,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SESSION_COOKIE]
    site.client.delete("/v1/tokens/current", headers={"Authorization": f"Bearer {session}"}).raise_for_status()
    page.locator(".like button").click()

    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fposts%2F"))


def test_dropped_files_are_uploaded_or_refused_by_name(ada: Visitor) -> None:
    page = ada.go_to("/new").page
    dropped = page.evaluate_handle(
        """bytes => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([new Uint8Array(bytes)], "hills.jpg", {type: "image/jpeg"}));
            dropped.items.add(new File(["no image"], "notes.jpg", {type: "image/jpeg"}));
            return dropped;
        }""",
        list(landscape(202, 300, 200)),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})

    expect(page.locator(".upload textarea")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("notes.jpg: the file is not a JPEG, PNG")
    expect(page).to_have_url(re.compile(r"/new\?image="))
    page.reload()
    expect(page.locator(".upload textarea")).to_have_count(1)
    ada.press("Remove and delete")
    expect(page.locator(".upload")).to_have_count(0)


def test_duplicate_is_reported_and_allowed(ada: Visitor, site: Site) -> None:
    image = landscape(203)
    post = site.post(site.users["ada"], "once", image)
    page = ada.go_to("/new").page
    page.locator("#file").set_input_files(FilePayload(name="again.jpg", mimeType="image/jpeg", buffer=image))

    expect(page.locator(".duplicate")).to_contain_text("An identical image is already in one of your posts")
    assert page.locator(".duplicate a").get_attribute("href") == f"/posts/{post}"


def test_choosing_image_starts_search(ada: Visitor) -> None:
    page = ada.go_to("/search").page
    image = FilePayload(name="like.jpg", mimeType="image/jpeg", buffer=landscape(5))
    page.locator("#by-picture").set_input_files(image)

    expect(page.get_by_role("heading", name="Images like yours")).to_be_visible()
    expect(page.locator("article.card").first).to_be_visible()


def test_pages_are_usable_by_keyboard(ada: Visitor, site: Site) -> None:
    page = ada.go_to("/").page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    strip = page.get_by_role("group", name="3 images, side by side").first
    strip.focus()
    page.keyboard.press("ArrowRight")
    expect(strip).not_to_have_js_property("scrollLeft", 0)

    ada.go_to("/explore")
    why = page.get_by_text("Why is this here?").first
    why.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("with a score of").first).to_be_visible()


@pytest.mark.parametrize("path", ["/explore", "/@ada", "/explore/newest"])
@pytest.mark.parametrize("screen", Screen, ids=lambda screen: screen.name.lower())
def test_loading_images_shifts_nothing(screen: Screen, path: str, visit: Callable[..., Visitor]) -> None:
    """Independent of the network: the images are held back until the page is laid out without them."""
    page = visit(screen).page
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
        }).observe({type: "layout-shift", buffered: true});"""
    )
    held: list[Callable[[], None]] = []
    page.route(re.compile("/file"), lambda route: held.append(route.continue_))
    page.goto(path, wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    assert held
    expect(page.locator("img.image").first).to_have_css("background-image", re.compile("^url"))
    for release in held:
        release()
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("img.image").first).to_have_js_property("complete", True)

    assert page.evaluate("window.moved") < 0.01
