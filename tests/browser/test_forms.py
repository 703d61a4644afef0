"""Forms with scripts: each is sent once, and no input is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from entrypoints.http.cookies import SESSION_COOKIE
from tests.browser.landscapes import landscape
from tests.browser.site import PASSWORD, Site
from tests.browser.visitors import Visitor


@pytest.fixture
def ned(visit: Callable[..., Visitor]) -> Visitor:
    return visit().sign_in("ned")


def open_post(page: Page, site: Site, seed: int) -> str:
    post = site.post(site.users["eve"], "to be talked about", landscape(seed))
    page.goto(f"/posts/{post}")
    return post


def read_comments(site: Site, post: str) -> list[str]:
    return [one["text"] for one in site.client.get(f"/v1/posts/{post}/comments").json()["items"]]


def test_double_click_submits_comment_once_and_next_comment_is_new(ned: Visitor, site: Site) -> None:
    post = open_post(ned.page, site, 310)
    button = ned.page.get_by_role("button", name="Comment", exact=True)
    for number in (1, 2):
        ned.fill("Your comment", "the same words")
        button.dblclick()
        expect(ned.page.locator("li.comment")).to_have_count(number)
        expect(ned.page.get_by_label("Your comment")).to_have_value("")
        expect(button).to_be_enabled()
    assert read_comments(site, post) == ["the same words"] * 2


def test_form_of_earlier_session_is_accepted_at_second_attempt(ned: Visitor, site: Site) -> None:
    post = open_post(ned.page, site, 311)
    other = Visitor(ned.page.context.new_page(), site.url)
    other.go_to("/@ned").press("Sign out")
    other.page.wait_for_url("**/")
    other.sign_in("ned")
    ned.fill("Your comment", "kept")
    ned.press("Comment", exact=True)
    expect(ned.page.get_by_role("status")).to_contain_text("send it again")
    ned.press("Comment", exact=True)

    expect(ned.page.locator("li.comment")).to_have_count(1)
    assert read_comments(site, post) == ["kept"]


def test_input_is_restored_after_sign_in(ned: Visitor, site: Site) -> None:
    post = open_post(ned.page, site, 312)
    cookies = {cookie["name"]: cookie["value"] for cookie in ned.page.context.cookies()}
    headers = {"Authorization": f"Bearer {cookies[SESSION_COOKIE]}"}
    site.client.delete("/v1/me/tokens", headers=headers).raise_for_status()
    ned.fill("Your comment", "kept for later")
    ned.press("Comment", exact=True)
    expect(ned.page.get_by_role("status").first).to_contain_text("Your input is not lost")
    ned.fill("Username or e-mail", "ned")
    ned.fill("Password", PASSWORD)
    ned.press("Sign in")
    expect(ned.page.get_by_label("Text")).to_have_value("kept for later")
    ned.press("Send")

    expect(ned.page.locator("li.comment")).to_contain_text("kept for later")
    assert read_comments(site, post) == ["kept for later"]
