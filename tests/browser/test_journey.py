"""The whole journey of two people, on both screens, with and without scripts."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.drawings import landscape
from tests.browser.site import PASSWORD, Site
from tests.browser.visitors import Screen, Visitor

NEW_PASSWORD = "another horse battery"
numbers = count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("screen", Screen, ids=lambda screen: screen.name.lower())
def test_two_people_meet(screen: Screen, scripts: bool, visit: Callable[..., Visitor], site: Site) -> None:
    number = next(numbers)
    lia, max_ = f"lia{number}", f"max{number}"
    ours, theirs = visit(screen, scripts=scripts).signs_up(lia), visit(screen, scripts=scripts).signs_up(max_)

    path = _publishes(ours, scripts, number)
    _finds_and_follows(theirs, lia)
    _likes_and_comments(theirs, path)
    _is_told(ours, max_, path)
    _sees_the_post_at_home(theirs, path)
    _edits_and_moderates(ours, path)
    _shuts_the_door(ours, theirs, lia, max_, path)
    _leaves(ours, theirs, lia)


def _publishes(visitor: Visitor, scripts: bool, number: int) -> str:
    page = visitor.goes_to("/new").page
    files = [FilePayload(name=f"{seed}.jpg", mimeType="image/jpeg", buffer=landscape(seed)) for seed in _seeds(number)]
    page.locator("#file").set_input_files(files)
    if not scripts:
        visitor.presses("Upload them")
    expect(page.locator(".draft")).to_have_count(2)
    first, second = page.locator(".draft").nth(0), page.locator(".draft").nth(1)
    if not scripts:  # nothing comes by itself: ask until the draft is there
        for _ in range(60):
            if first.get_by_role("button", name="Use it").count():
                break
            page.wait_for_timeout(250)
            visitor.presses("Upload them")
    first.get_by_role("button", name="Use it").click()
    expect(first.get_by_role("textbox")).to_have_value(re.compile("^A photo that may show"))
    second.get_by_role("textbox").fill("Hills, and what lies behind them")
    visitor.writes("Words", f"Walked <b>far</b> today #walk{number}")
    visitor.presses("Publish")
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
    """Pictures of which the model is sure, and nobody else's."""
    return 100 + 5 * number, 101 + 5 * number


def _finds_and_follows(visitor: Visitor, name: str) -> None:
    page = visitor.goes_to("/search").page
    page.get_by_role("searchbox", name="Search pictures and people").fill(name)
    page.get_by_role("search").get_by_role("button", name="Search").click()
    page.get_by_role("link", name=f"{name} @{name}").click()
    visitor.presses(f"Follow {name}")
    expect(page.get_by_role("button", name=f"Unfollow {name}")).to_be_visible()
    expect(page.get_by_text("No posts yet")).to_have_count(0)
    visitor.goes_to(f"/@{name}")
    expect(page.get_by_text("1 follower")).to_be_visible()


def _likes_and_comments(visitor: Visitor, path: str) -> None:
    page = visitor.goes_to(path).page
    heart = page.locator(".like button")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_contain_text("1")
    visitor.writes("Say something", "Where was <i>this</i>?")
    visitor.presses("Comment", exact=True)
    expect(page.get_by_text("Where was <i>this</i>?")).to_be_visible()
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(page.get_by_label("Say something")).to_have_value("")


def _is_told(visitor: Visitor, by: str, path: str) -> None:
    page = visitor.goes_to("/notifications").page
    for did in ("follows you", "likes your post", "commented on your post"):
        expect(page.locator(".told li", has_text=did)).to_contain_text(by)
    expect(page.locator(".told .unread")).to_have_count(3)
    page.get_by_role("link", name="likes your post").click()
    expect(page).to_have_url(re.compile(path))
    visitor.goes_to("/notifications")
    if page.get_by_role("button", name="Mark all as read").count():
        visitor.presses("Mark all as read")
    expect(page.locator("#bell")).to_be_hidden()
    visitor.goes_to("/notifications")
    expect(page.locator(".told .unread")).to_have_count(0)


def _sees_the_post_at_home(visitor: Visitor, path: str) -> None:
    page = visitor.goes_to("/").page
    expect(page.locator("article.card")).to_have_count(1)
    page.locator("article.card .when a").click()
    expect(page).to_have_url(re.compile(path))


def _edits_and_moderates(visitor: Visitor, path: str) -> None:
    page = visitor.goes_to(path).page
    page.on("dialog", lambda dialog: dialog.accept())
    visitor.presses("Delete the comment of")
    expect(page.get_by_text("Where was <i>this</i>?")).to_have_count(0)
    page.get_by_role("link", name="Edit or delete").click()
    visitor.writes("Words", "Walked farther")
    visitor.presses("Save")
    expect(page.get_by_text("Walked farther")).to_be_visible()
    expect(page.get_by_text("edited")).to_be_visible()


def _shuts_the_door(ours: Visitor, theirs: Visitor, our_name: str, their_name: str, path: str) -> None:
    ours.goes_to("/settings").page.get_by_label("Private: only those I let in see my posts").check()
    ours.presses("Save the profile")
    expect(ours.page.get_by_text("Your profile is saved.")).to_be_visible()
    page = theirs.goes_to(f"/@{our_name}").page
    theirs.presses(f"Unfollow {our_name}")
    expect(page.get_by_role("button", name=f"Follow {our_name}", exact=True)).to_be_visible()
    theirs.goes_to(path)
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    theirs.goes_to(f"/@{our_name}")
    expect(page.get_by_text("This account is private")).to_be_visible()
    theirs.presses(f"Follow {our_name}")
    expect(page.get_by_role("button", name="Take back the request")).to_be_visible()
    ours.goes_to("/notifications")
    ours.presses(f"Accept {their_name}")
    expect(ours.page.get_by_role("button", name=f"Accept {their_name}")).to_have_count(0)
    theirs.goes_to(path)
    expect(page.get_by_text("Walked farther")).to_be_visible()


def _leaves(ours: Visitor, theirs: Visitor, name: str) -> None:
    page = ours.goes_to("/settings").page
    ours.writes("The password you have now", PASSWORD)
    ours.writes("The new one", NEW_PASSWORD)
    ours.presses("Change the password")
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    page.locator("form[action='/sign-out'] button").first.click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    ours.goes_to("/settings")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fsettings"))
    ours.writes("Username or e-mail", name)
    ours.writes("Password", PASSWORD)
    ours.presses("Sign in")
    expect(page.get_by_role("alert")).to_contain_text("No account has this name")
    ours.writes("Password", NEW_PASSWORD)
    ours.presses("Sign in")
    page.wait_for_url("**/settings")
    ours.writes("Your password", NEW_PASSWORD)
    ours.presses("Delete my account")
    page.wait_for_url(f"{ours.base_url}/")
    theirs.goes_to(f"/@{name}")
    expect(theirs.page.get_by_role("heading", name="Nothing here")).to_be_visible()
