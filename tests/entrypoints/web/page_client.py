"""A user who reads pages and submits their forms, like a browser without scripts."""

import re
from html import unescape
from typing import Any, Self

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from container import Container
from domain.jobs import Job
from tests.sample_images import a_jpeg

PASSWORD = "correct horse battery"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class PageClient:
    def __init__(self, app: FastAPI, base_url: str = "http://tintype.test") -> None:
        self.client = AsyncClient(transport=ASGITransport(app), base_url=base_url, headers={"Accept": "text/html"})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def get(self, path: str, **headers: str) -> Response:
        return await self.client.get(path, headers=headers)

    async def read(self, path: str) -> str:
        """The content of the page, which must exist."""
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def submit(self, page: str, to: str, files: Any = None, headers: Any = None, **fields: Any) -> Response:
        """Submit the form of `page` with the action `to`."""
        form = {"form_token": token_of(await self.read(page)), **fields}
        return await self.client.post(
            to, data=form, files=files, headers={"Referer": self._url(page), **(headers or {})}
        )

    def _url(self, page: str) -> str:
        return str(self.client.base_url.join(page))

    async def sign_up(self, name: str) -> None:
        fields = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        assert (await self.submit("/sign-up", "/sign-up", **fields)).headers["location"] == "/"

    async def upload(self, *images: bytes) -> list[str]:
        """Upload images and return their ids."""
        files = [("file", (f"{number}.jpg", image)) for number, image in enumerate(images)]
        answer = await self.submit("/new", "/new/pictures", files=files)
        assert answer.status_code == 200, answer.text
        return re.findall(r'name="image" value="([^"]+)"', answer.text)

    async def publish(self, text: str = "an image", seed: int = 0, **fields: Any) -> str:
        """Publish a post and return its path."""
        ids = await self.upload(a_jpeg(seed=seed))
        answer = await self.submit("/new", "/new", text=text, image=ids, **fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


async def run_due_tasks(container: Container) -> None:
    """Run the due tasks like a worker."""
    async with container.storage().begin() as uow:
        due = await uow.understandings.find_due(container.clock().now(), 100)
    for one in due:
        await container.image_analysis().attempt(Job(one.row.task, one.row.image_id))


def token_of(page: str) -> str:
    found = _TOKEN.search(page)
    assert found, "the page holds no form"
    return found[1]


def text_of(page: str) -> str:
    """The visible text, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
