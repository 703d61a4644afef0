"""Second factors in the browser; passkeys with Chromium's virtual authenticator."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pyotp import TOTP

from tests.browser.site import PASSWORD, Site
from tests.browser.visitors import Visitor

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PAGE = "/settings/second-factors"
MODULES = 21
"""The width of the smallest QR code, in modules."""


@pytest.fixture
def local(visit: Callable[..., Visitor], site: Site) -> Callable[[str], str]:
    """The address of a page under the name localhost: a passkey belongs to a name, never to an address."""
    port = urlsplit(site.url).port
    return lambda path: f"http://localhost:{port}{path}"


def sign_in(visitor: Visitor, address: str, name: str) -> None:
    visitor.page.goto(address)
    visitor.fill("Username or e-mail", name)
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign in", exact=True)


def add_authenticator(visitor: Visitor) -> None:
    devices = visitor.page.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_up(visitor: Visitor, local: Callable[[str], str], name: str) -> None:
    """Sign up, and confirm the session on the page of second factors."""
    visitor.page.goto(local("/sign-up"))
    visitor.fill("Username", name)
    visitor.fill("E-mail", f"{name}@example.org")
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign up", exact=True)
    visitor.page.goto(local(PAGE))
    visitor.fill("Your password", PASSWORD)
    visitor.press("Confirm", exact=True)


def expect_signed_in(visitor: Visitor, local: Callable[[str], str]) -> None:
    visitor.page.wait_for_url(local("/"))
    visitor.page.goto(local("/settings"))
    expect(visitor.page.get_by_role("heading", name="Sessions")).to_be_visible()
    visitor.page.context.clear_cookies()


def test_passkey_is_created_and_signs_in_with_and_without_password(
    visit: Callable[..., Visitor], local: Callable[[str], str]
) -> None:
    ada = visit()
    add_authenticator(ada)
    sign_up(ada, local, "passkey_user")
    ada.press("Add a passkey")
    ada.fill("Name", "My laptop")
    ada.press("Create the passkey")
    expect(ada.page.get_by_role("button", name="Remove My laptop")).to_be_visible()
    ada.page.context.clear_cookies()

    ada.page.goto(local("/sign-in"))
    ada.press("Sign in with a passkey")
    ada.press("Use a passkey")
    expect_signed_in(ada, local)
    sign_in(ada, local("/sign-in"), "passkey_user")
    ada.press("Use a passkey")
    expect_signed_in(ada, local)


def test_authenticator_app_is_added_by_qr_code_and_replaced_by_a_recovery_code(
    visit: Callable[..., Visitor], local: Callable[[str], str]
) -> None:
    ada = visit()
    sign_up(ada, local, "app_user")
    ada.press("Add an authenticator app")
    drawn = ada.page.get_by_role("img", name="QR code").evaluate("image => image.complete && image.naturalWidth")
    assert drawn >= MODULES
    app = TOTP(ada.page.locator("p", has_text="Key:").locator("code").inner_text())
    ada.fill("Code in the app", app.now())
    ada.press("Add the app")
    expect(ada.page.get_by_text("The second factor has been added.")).to_be_visible()
    ada.press("Create recovery codes")
    codes = ada.page.get_by_role("list").locator("code").all_inner_texts()
    ada.page.context.clear_cookies()

    sign_in(ada, local("/sign-in"), "app_user")
    ada.fill("Code", app.at(time.time() + app.interval))  # the present one may be used up
    ada.press("Sign in", exact=True)
    expect_signed_in(ada, local)
    for accepted in (True, False):
        sign_in(ada, local("/sign-in"), "app_user")
        ada.fill("Code", codes[0])
        ada.press("Sign in", exact=True)
        if accepted:
            expect_signed_in(ada, local)
    expect(ada.page.get_by_text("The code is wrong or was used already")).to_be_visible()


def test_missing_passkey_is_explained(visit: Callable[..., Visitor], local: Callable[[str], str]) -> None:
    nobody = visit()
    add_authenticator(nobody)
    nobody.page.goto(local("/sign-in"))
    nobody.press("Sign in with a passkey")
    nobody.press("Use a passkey")
    expect(nobody.page.get_by_role("alert")).to_contain_text("No passkey was used")
