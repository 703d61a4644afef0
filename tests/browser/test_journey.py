"""A complete scenario of two users, in both sizes, with and without scripts."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.landscapes import landscape
from tests.browser.site import PASSWORD, Site
from tests.browser.visitors import Screen, Visitor

NEW_PASSWORD = "another horse battery"
numbers = count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("screen", Screen, ids=lambda screen: screen.name.lower())
def test_scenario_of_two_users(screen: Screen, scripts: bool, visit: Callable[..., Visitor], site: Site) -> None:
    number = next(numbers)
    lia, max_ = f"lia{number}", f"max{number}"
    ours, theirs = visit(screen, scripts=scripts).sign_up(lia), visit(screen, scripts=scripts).sign_up(max_)

    path = _publish(ours, scripts, number)
    _find_and_follow(theirs, lia)
    _like_and_comment(theirs, path)
    _check_notifications(ours, max_, path)
    _check_home(theirs, path)
    _edit_and_moderate(ours, path)
    _turn_private(ours, theirs, lia, max_, path)
    _delete_account(ours, theirs, lia)


def _publish(visitor: Visitor, scripts: bool, number: int) -> str:
    page = visitor.go_to("/new").page
    files = [FilePayload(name=f"{seed}.jpg", mimeType="image/jpeg", buffer=landscape(seed)) for seed in _seeds(number)]
    page.locator("#file").set_input_files(files)
    if not scripts:
        visitor.press("Upload them")
    expect(page.locator(".upload")).to_have_count(2)
    first, second = page.locator(".upload").nth(0), page.locator(".upload").nth(1)
    if not scripts:  # nothing updates by itself: reload until there is a suggestion
        for _ in range(60):
            if first.get_by_role("button", name="Use it").count():
                break
            page.wait_for_timeout(250)
            visitor.press("Upload them")
    first.get_by_role("button", name="Use it").click()
    expect(first.get_by_role("textbox")).to_have_value(re.compile("^A photo that may show"))
    second.get_by_role("textbox").fill("Hills, and what lies behind them")
    visitor.fill("Text", f"Walked <b>far</b> today #walk{number}")
    visitor.press("Publish")
    page.wait_for_url("**/posts/*")
    expect(page.get_by_text(f"Walked <b>far</b> today #walk{number}")).to_be_visible()
    expect(page.get_by_text("alt text drafted from the labels")).to_be_visible()
    expect(page.get_by_text("alt text written by its owner")).to_be_visible()
    expect(page.get_by_role("img", name="Hills, and what lies behind them")).to_be_attached()
    page.get_by_role("link", name=f"#walk{number}").click()
    expect(page.get_by_role("heading", name=f"#walk{number}")).to_be_visible()
    page.go_back()
    return page.url.removeprefix(visitor.base_url)


def _seeds(number: int) -> tuple[int, int]:
    """Images that the model is sure of, used by no other test."""
    return 100 + 5 * number, 101 + 5 * number


def _find_and_follow(visitor: Visitor, name: str) -> None:
    page = visitor.go_to("/search").page
    page.get_by_role("searchbox", name="Search images and people").fill(name)
    page.get_by_role("search").get_by_role("button", name="Search").click()
    page.get_by_role("link", name=f"{name} @{name}").click()
    visitor.press(f"Follow {name}")
    expect(page.get_by_role("button", name=f"Unfollow {name}")).to_be_visible()
    expect(page.get_by_text("No posts yet")).to_have_count(0)
    visitor.go_to(f"/@{name}")
    expect(page.get_by_text("1 follower")).to_be_visible()


def _like_and_comment(visitor: Visitor, path: str) -> None:
    page = visitor.go_to(path).page
    heart = page.locator(".like button")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_contain_text("1")
    visitor.fill("Your comment", "Where was <i>this</i>?")
    visitor.press("Comment", exact=True)
    expect(page.get_by_text("Where was <i>this</i>?")).to_be_visible()
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("")


def _check_notifications(visitor: Visitor, by: str, path: str) -> None:
    page = visitor.go_to("/notifications").page
    for did in ("follows you", "likes your post", "comments on your post"):
        expect(page.locator(".notifications li", has_text=did)).to_contain_text(by)
    expect(page.locator(".notifications .unread")).to_have_count(3)
    page.get_by_role("link", name="likes your post").click()
    expect(page).to_have_url(re.compile(path))
    visitor.go_to("/notifications")
    if page.get_by_role("button", name="Mark all as read").count():
        visitor.press("Mark all as read")
    expect(page.locator("#unread-badge")).to_be_hidden()
    visitor.go_to("/notifications")
    expect(page.locator(".notifications .unread")).to_have_count(0)


def _check_home(visitor: Visitor, path: str) -> None:
    page = visitor.go_to("/").page
    expect(page.locator("article.card")).to_have_count(1)
    page.locator("article.card .posted-at a").click()
    expect(page).to_have_url(re.compile(path))


def _edit_and_moderate(visitor: Visitor, path: str) -> None:
    page = visitor.go_to(path).page
    page.on("dialog", lambda dialog: dialog.accept())
    visitor.press("Delete the comment by")
    expect(page.get_by_text("Where was <i>this</i>?")).to_have_count(0)
    page.get_by_role("link", name="Edit or delete").click()
    visitor.fill("Text", "Walked farther")
    visitor.press("Save")
    expect(page.get_by_text("Walked farther")).to_be_visible()
    expect(page.get_by_text("edited")).to_be_visible()


def _turn_private(ours: Visitor, theirs: Visitor, our_name: str, their_name: str, path: str) -> None:
    ours.go_to("/settings").page.get_by_label("Private: only approved followers see my posts").check()
    ours.press("Save the profile")
    expect(ours.page.get_by_text("Your profile has been saved.")).to_be_visible()
    page = theirs.go_to(f"/@{our_name}").page
    theirs.press(f"Unfollow {our_name}")
    expect(page.get_by_role("button", name=f"Follow {our_name}", exact=True)).to_be_visible()
    theirs.go_to(path)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    theirs.go_to(f"/@{our_name}")
    expect(page.get_by_text("This account is private")).to_be_visible()
    theirs.press(f"Follow {our_name}")
    expect(page.get_by_role("button", name="Withdraw the request")).to_be_visible()
    ours.go_to("/notifications")
    ours.press(f"Accept {their_name}")
    expect(ours.page.get_by_role("button", name=f"Accept {their_name}")).to_have_count(0)
    theirs.go_to(path)
    expect(page.get_by_text("Walked farther")).to_be_visible()


def _delete_account(ours: Visitor, theirs: Visitor, name: str) -> None:
    page = ours.go_to("/settings").page
    ours.fill("Current password", PASSWORD)
    ours.fill("New password", NEW_PASSWORD)
    ours.press("Change the password")
    expect(page.get_by_text("Your password has been changed")).to_be_visible()
    page.locator("form[action='/sign-out'] button").first.click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    ours.go_to("/settings")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fsettings"))
    ours.fill("Username or e-mail", name)
    ours.fill("Password", PASSWORD)
    ours.press("Sign in")
    expect(page.get_by_role("alert")).to_contain_text("The username (or e-mail) or the password is wrong")
    ours.fill("Password", NEW_PASSWORD)
    ours.press("Sign in")
    page.wait_for_url("**/settings")
    deletion = page.get_by_role("region", name="Delete the account")
    deletion.get_by_label("Your password", exact=True).fill(NEW_PASSWORD)
    ours.press("Delete my account")
    page.wait_for_url(f"{ours.base_url}/")
    theirs.go_to(f"/@{name}")
    expect(theirs.page.get_by_role("heading", name="Page not found")).to_be_visible()
