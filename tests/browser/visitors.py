"""Visitors of the web UI: navigation, input and reading."""

from enum import Enum
from http import HTTPStatus

from playwright.sync_api import ConsoleMessage, Page, Response, ViewportSize

from entrypoints.http.cookies import SESSION_COOKIE
from tests.browser.site import PASSWORD, SiteUser


class Screen(Enum):
    PHONE = (390, 844)
    DESKTOP = (1280, 860)

    @property
    def size(self) -> ViewportSize:
        width, height = self.value
        return {"width": width, "height": height}


class Visitor:
    """A visitor with a window. `errors`: requests that the browser blocked (policy) and exceptions of scripts."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note_console)
        page.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        # The browser logs the error status of a refused form. That is not an error of a script.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.errors.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.errors.append(f"{response.status} {response.url}")

    def go_to(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    def press(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def use_session_of(self, user: SiteUser) -> "Visitor":
        """Sign in by cookie: it contains the same token as the API."""
        token = user.headers["Authorization"].removeprefix("Bearer ")
        self.page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.base_url}])
        return self

    def sign_up(self, name: str) -> "Visitor":
        self.go_to("/sign-up")
        self.fill("Username", name)
        self.fill("E-mail", f"{name}@example.org")
        self.fill("Password", PASSWORD)
        self.press("Sign up")
        self.page.wait_for_url("**/")
        return self

    def sign_in(self, name: str) -> "Visitor":
        self.go_to("/sign-in")
        self.fill("Username or e-mail", name)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url("**/")
        return self
