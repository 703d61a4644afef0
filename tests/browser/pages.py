"""All pages, and how to open them."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload

from tests.browser.landscapes import landscape
from tests.browser.site import Site
from tests.browser.visitors import Visitor


@dataclass(frozen=True, slots=True)
class PageCase:
    """A page, the user who opens it (None for an anonymous visitor), and its preparation."""

    name: str
    user: str | None
    path: Callable[[Site], str]
    prepare: Callable[[Visitor], None] = lambda _: None
    status: int = 200

    def open(self, visitor: Visitor, site: Site) -> None:
        if self.user:
            visitor.use_session_of(site.users[self.user])
        answer = visitor.page.goto(self.path(site))
        assert answer is not None
        assert answer.status == self.status, answer.url
        self.prepare(visitor)


def fixed_path(path: str) -> Callable[[Site], str]:
    return lambda _: path


def strip_path(end: str = "") -> Callable[[Site], str]:
    return lambda site: f"/posts/{site.strip}{end}"


def similar_path(site: Site) -> str:
    image = site.call(site.users["ada"], "GET", f"/posts/{site.strip}")["images"][0]["id"]
    return f"/pictures/{image}/similar"


def choose_image(visitor: Visitor) -> None:
    image = FilePayload(name="hills.jpg", mimeType="image/jpeg", buffer=landscape(7))
    visitor.page.locator("#file").set_input_files(image)
    visitor.page.locator(".upload textarea").wait_for()
    visitor.page.get_by_role("button", name="Use it").wait_for()


PAGES = (
    PageCase("welcome", None, fixed_path("/")),
    PageCase("sign-up", None, fixed_path("/sign-up")),
    PageCase("sign-in", None, fixed_path("/sign-in")),
    PageCase("home", "ada", fixed_path("/")),
    PageCase("home-empty", "ned", fixed_path("/")),
    PageCase("explore", "ada", fixed_path("/explore")),
    PageCase("most-liked", "bob", fixed_path("/explore/most-liked?window=week")),
    PageCase("newest", None, fixed_path("/explore/newest")),
    PageCase("search", "ada", fixed_path("/search?q=hills")),
    PageCase("search-nothing", None, fixed_path("/search?q=xyzzy")),
    PageCase("tag", None, fixed_path("/tags/morning")),
    PageCase("similar", "bob", similar_path),
    PageCase("post", "ada", strip_path()),
    PageCase("post-long", "eve", lambda site: f"/posts/{site.long}"),
    PageCase("edit", "ada", strip_path("/edit")),
    PageCase("likes", "ada", strip_path("/likes")),
    PageCase("profile", "bob", fixed_path("/@ada")),
    PageCase("profile-own", "eve", fixed_path("/@eve")),
    PageCase("profile-empty", None, fixed_path("/@ned")),
    PageCase("followers", "ada", fixed_path("/@ada/followers")),
    PageCase("new", "ada", fixed_path("/new"), choose_image),
    PageCase("notifications", "ada", fixed_path("/notifications")),
    PageCase("settings", "ada", fixed_path("/settings")),
    PageCase("second-factors", "ada", fixed_path("/settings/second-factors")),
    PageCase("terms", "root", fixed_path("/terms")),
    PageCase("sign-ups", "root", fixed_path("/moderation/sign-ups")),
    PageCase("invitations", "root", fixed_path("/invites")),
    PageCase("operator", "root", fixed_path("/operator")),
    PageCase("nothing-here", None, fixed_path("/posts/none"), status=404),
)
