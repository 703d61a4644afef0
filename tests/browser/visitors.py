"""People at the page, as far as tests need them: what they press and what they read."""

from enum import Enum
from http import HTTPStatus

from playwright.sync_api import ConsoleMessage, Page, Response, ViewportSize

from entrypoints.rest.dependencies import SESSION_COOKIE
from tests.browser.site import PASSWORD, Citizen


class Screen(Enum):
    PHONE = (390, 844)
    DESKTOP = (1280, 860)

    @property
    def size(self) -> ViewportSize:
        width, height = self.value
        return {"width": width, "height": height}


class Visitor:
    """Somebody with a window of their own. `complaints`: what the browser refused (a policy) or a script threw."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is told by its status as well, which the browser logs; that is no complaint of a script's.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.complaints.append(f"{response.status} {response.url}")

    def goes_to(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    def presses(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def is_known_as(self, citizen: Citizen) -> "Visitor":
        """Signed in already: the session's cookie holds the same token that the API gives."""
        token = citizen.headers["Authorization"].removeprefix("Bearer ")
        self.page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.base_url}])
        return self

    def signs_up(self, name: str) -> "Visitor":
        self.goes_to("/sign-up")
        self.writes("Username", name)
        self.writes("E-mail", f"{name}@example.org")
        self.writes("Password", PASSWORD)
        self.presses("Sign up")
        self.page.wait_for_url("**/")
        return self

    def signs_in(self, name: str) -> "Visitor":
        self.goes_to("/sign-in")
        self.writes("Username or e-mail", name)
        self.writes("Password", PASSWORD)
        self.presses("Sign in")
        self.page.wait_for_url("**/")
        return self
