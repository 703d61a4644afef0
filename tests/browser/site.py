"""Sample data of a running service: users and images, created over the REST API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.browser.landscapes import landscape
from tests.e2e.program import TIMEOUT, Program
from tests.models import tiny_model

PASSWORD = "correct horse battery"
CLIFF, VALE, ALP = 972, 979, 970
"""What the small model sees in red, green and blue landscapes."""
LONG_TEXT = " ".join(f"Word number {number} of a story that goes on and on." for number in range(1, 31))
TEXTS = (
    "First light over the ridges. #morning",
    "We walked until the map ended, and then a little further. @bob carried the bread.",
    "Nobody up here but us and the wind. #quiet",
    "The last one before the battery died.",
    "Same hill, another hour. #morning #hills",
)


@dataclass
class SiteUser:
    name: str
    headers: dict[str, str]
    posts: list[str] = field(default_factory=list)


@dataclass
class Site:
    """A running service and its users."""

    program: Program
    client: httpx.Client
    users: dict[str, SiteUser] = field(default_factory=dict)
    strip: str = ""
    """A post of three images, with comments."""
    long: str = ""
    """A post of one very tall image and 300 words."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.program.port}"

    def sign_up(self, name: str, display_name: str, *, admin: bool = False) -> SiteUser:
        options = ["--email", f"{name}@example.org", "--password-stdin", *(["--admin"] if admin else [])]
        added = self.program.run("user", "add", name, *options, stdin=PASSWORD)
        assert added.returncode == 0, added.stderr
        token = self.client.post("/v1/tokens", data={"username": name, "password": PASSWORD}).json()["access_token"]
        user = self.users[name] = SiteUser(name, {"Authorization": f"Bearer {token}"})
        self.call(user, "PATCH", "/me", json={"display_name": display_name, "bio": f"{display_name} of the #hills"})
        return user

    def call(self, user: SiteUser, method: str, path: str, **content: Any) -> Any:
        answer = self.client.request(method, f"/v1{path}", headers=user.headers, **content)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def upload(self, user: SiteUser, data: bytes) -> str:
        image: str = self.call(user, "POST", "/images", files={"file": ("image.jpg", data)})["id"]
        return image

    def post(self, user: SiteUser, text: str, *images: bytes, **more: Any) -> str:
        ids = [self.upload(user, image) for image in images]
        post: str = self.call(user, "POST", "/posts", json={"text": text, "image_ids": ids, **more})["id"]
        user.posts.append(post)
        return post

    def wait_until_understood(self, user: SiteUser, image_id: str) -> Any:
        """The image, after all analysis has finished."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            image = self.call(user, "GET", f"/images/{image_id}")
            if all(task["state"] in {"done", "failed", "skipped"} for task in image["understanding"].values()):
                return image
            time.sleep(0.1)
        raise AssertionError(f"not understood after {TIMEOUT} s: {image['understanding']}")


@contextmanager
def run_site(program: Program, folder: Path) -> Iterator[Site]:
    model = tiny_model(folder / "small.onnx", gain=24.0, classes=(CLIFF, VALE, ALP))
    installed = program.run("model", "install", str(model))
    assert installed.returncode == 0, installed.stderr
    with program.serve() as served:
        yield Site(program, served.client)


def fill_site(site: Site) -> None:
    """Three users with images of all shapes, who follow, like and comment; and one without any content."""
    ada, bob, eve = (
        site.sign_up("ada", "Ada Lindqvist"),
        site.sign_up("bob", "Bob Okafor"),
        site.sign_up("eve", "Eve Marsh"),
    )
    site.sign_up("ned", "Ned Newcomer")
    site.sign_up("root", "Olga Operator", admin=True)
    for seed in range(18):
        owner = (ada, bob, eve)[seed % 3]
        site.post(owner, TEXTS[seed % len(TEXTS)], landscape(seed, *((1200, 900), (900, 1200), (1000, 1000))[seed % 3]))
    site.post(bob, "A panorama, four times as wide as high.", landscape(20, 2000, 500))
    site.long = site.post(bob, LONG_TEXT, landscape(21, 500, 2000))
    last = site.strip = site.post(
        ada, "Three evenings in a row. #hills", *(landscape(seed, 1200, 900) for seed in (25, 26, 27))
    )
    for user in (ada, bob, eve):
        image = site.upload(user, landscape(40 + len(user.name) + ord(user.name[0]), 400, 400))
        site.call(user, "PATCH", "/me", json={"avatar_image_id": image})
    for liker, author in ((bob, ada), (eve, ada), (ada, bob), (eve, bob), (ada, eve)):
        site.call(liker, "PUT", f"/users/{author.name}/follow")
        for post in author.posts[::2]:
            site.call(liker, "PUT", f"/posts/{post}/like")
    site.call(bob, "PUT", f"/posts/{last}/like")
    for who, text in (
        (bob, "The second one is the best."),
        (ada, "Third for me, @bob. It was so quiet."),
        (eve, "Where is this?"),
    ):
        site.call(who, "POST", f"/posts/{last}/comments", json={"text": text})
    image = site.call(ada, "GET", f"/posts/{last}")["images"][0]["id"]
    described = {"alt_text": "Five ridges, one behind the other, under an orange sky with a low sun."}
    site.call(ada, "PATCH", f"/images/{image}", json=described)
    site.upload(eve, landscape(30, 600, 400))
