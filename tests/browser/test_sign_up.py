"""Sign-up by invitation, with approval and with terms: in both themes, by keyboard, with and without scripts."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import windows
from tests.browser.site import PASSWORD, Site, run_site
from tests.browser.visitors import Visitor
from tests.e2e.program import Program, free_port
from tests.reaper import Reaper

LOOKS = pytest.mark.parametrize(
    "look", [{"scripts": True, "dark": False}, {"scripts": False, "dark": True}], ids=["light", "dark-without-scripts"]
)
numbers = count(1)


@pytest.fixture(scope="module")
def approving_site(reaper: Reaper) -> Iterator[Site]:
    """A running program that asks moderators for approval, and has terms."""
    with reaper.folder() as home:
        program = Program(home, free_port(), settings={"TINTYPE_SIGN_UP": "approval"})
        with run_site(program, home) as site:
            site.sign_up("eva", "Eva Admin", admin=True)
            site.sign_up("tom", "Tom User")
            (home / "terms.txt").write_text("Be kind.")
            published = program.run("terms", "set", "terms.txt")
            assert published.returncode == 0, published.stderr
            yield site


@pytest.fixture
def visit(chromium: Browser, approving_site: Site) -> Iterator[Callable[..., Visitor]]:
    with windows(chromium, approving_site) as visit:
        yield visit


@LOOKS
def test_invitation_allows_one_sign_up(
    look: dict[str, bool], visit: Callable[..., Visitor], approving_site: Site
) -> None:
    eva = visit(**look).use_session_of(approving_site.users["eva"]).go_to("/invites")
    eva.fill("Sign-ups", "1")
    eva.press("Create an invitation")
    link = eva.page.locator("#list code").first.inner_text()

    guest = visit(**look).go_to(link)
    _fill(guest, f"guest{next(numbers)}")
    guest.page.wait_for_url("**/")
    expect(guest.page.get_by_role("link", name="New post").first).to_be_visible()
    expect(eva.go_to("/invites").page.locator("#list")).to_contain_text("1 of 1 sign-up")

    late = visit(**look).go_to(link)
    _fill(late, f"guest{next(numbers)}")
    expect(late.page.locator("main")).to_contain_text("It is used up: 1 of 1 sign-ups; ask for a new one.")


@LOOKS
def test_applicant_waits_until_approval(
    look: dict[str, bool], visit: Callable[..., Visitor], approving_site: Site
) -> None:
    name = f"applicant{next(numbers)}"
    applicant = visit(**look).go_to("/sign-up")
    applicant.fill("Why do you want to join?", "I draw <b>birds</b>.")
    _fill(applicant, name)
    expect(applicant.page.get_by_role("heading", name="Your account waits for approval")).to_be_visible()
    expect(applicant.page.get_by_text("I draw <b>birds</b>.")).to_be_visible()

    eva = visit(**look).use_session_of(approving_site.users["eva"]).go_to("/moderation/sign-ups")
    expect(eva.page.get_by_text("I draw <b>birds</b>.")).to_be_visible()
    eva.press(f"Approve {name}")
    expect(eva.page.get_by_role("heading", name="No sign-up waits for approval")).to_be_visible()
    expect(eva.go_to("/moderation/log").page.locator("main")).to_contain_text("sign up approval about a user")

    expect(applicant.go_to("/").page.get_by_role("link", name="New post").first).to_be_visible()


@LOOKS
def test_user_accepts_new_terms_at_sign_in(
    look: dict[str, bool], visit: Callable[..., Visitor], approving_site: Site
) -> None:
    text = f"Be kind, please. Number {next(numbers)}."
    eva = visit(**look).use_session_of(approving_site.users["eva"]).go_to("/terms")
    eva.fill("Text", text)
    eva.press("Publish")
    expect(eva.page.locator("p.text")).to_have_text(text)

    tom = visit(**look).go_to("/sign-in")
    tom.fill("Username or e-mail", "tom")
    _enter_password(tom.page)
    expect(tom.page.get_by_role("alert")).to_contain_text("The terms have changed")
    tom.page.get_by_role("checkbox").press("Space")
    _enter_password(tom.page)
    tom.page.wait_for_url("**/")


def _fill(visitor: Visitor, name: str) -> None:
    """Fill in the form, accept the terms and send it by keyboard."""
    visitor.fill("Username", name)
    visitor.fill("E-mail", f"{name}@example.org")
    visitor.page.get_by_role("checkbox").press("Space")
    _enter_password(visitor.page)


def _enter_password(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
