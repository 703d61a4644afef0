"""One image from sign-up to its label, over HTTP, and the page that displays it."""

import json
import time
import uuid
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.images.engine import Failed

_PASSWORD = "correct horse battery"


class Service:
    def __init__(self, address: str) -> None:
        self._address = address
        self._headers: dict[str, str] = {}

    def sign_up(self) -> None:
        name = f"u{uuid.uuid4().hex[:10]}"
        self._post("/v1/users", {"username": name, "email": f"{name}@example.org", "password": _PASSWORD})
        form = urlencode({"username": name, "password": _PASSWORD}).encode()
        token = json.loads(self.read("/v1/tokens", form))["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def upload(self, picture: bytes) -> dict[str, Any]:
        """Returns the image in the service's response."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
        answer = self.read("/v1/images", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        image: dict[str, Any] = json.loads(answer)
        return image

    def publish(self, picture: bytes) -> str:
        """Returns the image's id."""
        image = str(self.upload(picture)["id"])
        self._post("/v1/posts", {"text": "A test of the images", "image_ids": [image]})
        return image

    def labels(self, image: str, within: float) -> list[str]:
        """The names of the labels. Raises `Failed` after the time limit."""
        deadline = time.monotonic() + within
        while True:
            seen = json.loads(self.read(f"/v1/images/{image}"))
            if seen["understanding"]["classification"]["state"] == "done":
                return [label["name"] for label in seen["labels"]]
            if time.monotonic() > deadline:
                raise Failed(f"the picture has no labels after {within:.0f} s: {seen['understanding']}")
            time.sleep(0.5)

    def read(self, path: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        """The response body. Raises `Failed` with the body for HTTP errors."""
        request = Request(self._address + path, data, self._headers | (headers or {}))  # noqa: S310
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body
        except URLError as error:
            said = error.read().decode() if hasattr(error, "read") else ""
            raise Failed(f"{path}: {error} {said}") from error

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self.read(path, json.dumps(body).encode(), {"Content-Type": "application/json"})
