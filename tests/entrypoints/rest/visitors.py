"""Users of the API, with shortcuts for common calls."""

from dataclasses import dataclass, field
from typing import Any

from httpx import AsyncClient, Response

from tests.entrypoints.rest.conftest import PASSWORD, sign_up
from tests.sample_images import a_jpeg

Json = dict[str, Any]

UNKNOWN_ID = "0198c0de-0000-7000-8000-000000000000"


@dataclass
class Visitor:
    """A user of the API; anonymous without headers."""

    client: AsyncClient
    name: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, **content: Any) -> Response:
        return await self.client.request(method, f"/v1{path}", headers=self.headers, **content)

    async def get(self, path: str, **params: Any) -> Response:
        return await self.call("GET", path, params=params or None)

    async def read(self, path: str, **params: Any) -> Json:
        """The body of a response with status 200."""
        return ok(await self.get(path, **params))

    async def send_file(self, data: bytes, name: str = "image.jpg") -> Response:
        return await self.call("POST", "/images", files={"file": (name, data)})

    async def upload(self, seed: int = 0) -> Json:
        return ok(await self.send_file(a_jpeg(seed=seed)), 201)

    async def post(self, text: str = "an image", seed: int = 0) -> Json:
        body = {"text": text, "image_ids": [(await self.upload(seed))["id"]]}
        return ok(await self.call("POST", "/posts", json=body), 201)

    async def like(self, post: Json) -> Json:
        return ok(await self.call("PUT", f"/posts/{post['id']}/like"))

    async def comment(self, post: Json, text: str = "lovely") -> Json:
        return ok(await self.call("POST", f"/posts/{post['id']}/comments", json={"text": text}), 201)

    async def follow(self, other: "Visitor") -> None:
        ok(await self.call("PUT", f"/users/{other.name}/follow"), 204)

    async def sign_in_again(self) -> "Visitor":
        """The same user with another token."""
        answer = await self.client.post("/v1/tokens", data={"username": self.name, "password": PASSWORD})
        return Visitor(self.client, self.name, {"Authorization": f"Bearer {ok(answer)['access_token']}"})


async def new_visitor(client: AsyncClient, name: str) -> Visitor:
    """A new user, signed in."""
    return Visitor(client, name, await sign_up(client, name))


def ok(response: Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    return response.json() if response.content else {}


def expect_problem(response: Response, status: int, code: str) -> Json:
    """The problem, after a check of its code."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: Json = response.json()
    assert (problem["status"], problem["code"]) == (status, code), problem
    assert problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


def expect_invalid(response: Response) -> dict[str, str]:
    """The errors of a 422 response: field to rule."""
    return {fault["field"]: fault["code"] for fault in expect_problem(response, 422, "invalid")["errors"]}


def ids(listed: Json) -> list[str]:
    return [item["id"] for item in listed["items"]]
