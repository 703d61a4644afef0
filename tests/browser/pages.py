"""All pages there are, and how to come to each."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload

from tests.browser.drawings import landscape
from tests.browser.site import Site
from tests.browser.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Place:
    """`who` looks at the page; nobody known where it is None."""

    name: str
    who: str | None
    path: Callable[[Site], str]
    then: Callable[[Visitor], None] = lambda _: None
    status: int = 200

    def open(self, visitor: Visitor, site: Site) -> None:
        if self.who:
            visitor.is_known_as(site.citizens[self.who])
        answer = visitor.page.goto(self.path(site))
        assert answer is not None
        assert answer.status == self.status, answer.url
        self.then(visitor)


def at(path: str) -> Callable[[Site], str]:
    return lambda _: path


def the_strip(end: str = "") -> Callable[[Site], str]:
    return lambda site: f"/posts/{site.strip}{end}"


def similar_to_the_strip(site: Site) -> str:
    image = site.call(site.citizens["ada"], "GET", f"/posts/{site.strip}")["images"][0]["id"]
    return f"/pictures/{image}/similar"


def choose_a_picture(visitor: Visitor) -> None:
    picture = FilePayload(name="hills.jpg", mimeType="image/jpeg", buffer=landscape(7))
    visitor.page.locator("#file").set_input_files(picture)
    visitor.page.locator(".draft textarea").wait_for()
    visitor.page.get_by_role("button", name="Use it").wait_for()


PAGES = (
    Place("welcome", None, at("/")),
    Place("sign-up", None, at("/sign-up")),
    Place("sign-in", None, at("/sign-in")),
    Place("home", "ada", at("/")),
    Place("home-empty", "ned", at("/")),
    Place("explore", "ada", at("/explore")),
    Place("most-liked", "bob", at("/explore/most-liked?window=week")),
    Place("newest", None, at("/explore/newest")),
    Place("search", "ada", at("/search?q=hills")),
    Place("search-nothing", None, at("/search?q=xyzzy")),
    Place("tag", None, at("/tags/morning")),
    Place("similar", "bob", similar_to_the_strip),
    Place("post", "ada", the_strip()),
    Place("post-long", "eve", lambda site: f"/posts/{site.long}"),
    Place("edit", "ada", the_strip("/edit")),
    Place("likes", "ada", the_strip("/likes")),
    Place("profile", "bob", at("/@ada")),
    Place("profile-own", "eve", at("/@eve")),
    Place("profile-empty", None, at("/@ned")),
    Place("followers", "ada", at("/@ada/followers")),
    Place("new", "ada", at("/new"), choose_a_picture),
    Place("notifications", "ada", at("/notifications")),
    Place("settings", "ada", at("/settings")),
    Place("operator", "root", at("/operator")),
    Place("nothing-here", None, at("/posts/none"), status=404),
)
