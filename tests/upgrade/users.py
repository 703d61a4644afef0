"""Users who post, like and read all the time, at several addresses in turn."""

import threading
from collections import Counter
from collections.abc import Sequence
from itertools import count
from types import TracebackType
from typing import Self

import httpx

from tests.sample_images import a_jpeg

PASSWORD = "a long passphrase"


class Load:
    """`users` threads. `failures` has every answer that is no success, and every broken connection; `posts` has the ids
    of all acknowledged posts."""

    def __init__(self, addresses: Sequence[str], users: int = 4) -> None:
        self.failures: list[str] = []
        self.answers: Counter[str] = Counter()
        self.posts: list[str] = []
        self._addresses = list(addresses)
        self._turns = count()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(users)]

    def add_address(self, address: str) -> None:
        self._addresses = [*self._addresses, address]

    def remove_address(self, address: str) -> None:
        self._addresses = [one for one in self._addresses if one != address]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Finish the requests that have begun."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        with httpx.Client(timeout=60) as client:
            name = f"user{number}"
            account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
            self._send(client, "POST", "/v1/users", json=account)
            token = self._send(client, "POST", "/v1/tokens", data={"username": name, "password": PASSWORD})
            client.headers["Authorization"] = f"Bearer {token['access_token']}"
            for turn in count():
                if self._stopping.is_set():
                    return
                self._share(client, f"{name}, turn {turn}")

    def _share(self, client: httpx.Client, text: str) -> None:
        image = self._send(client, "POST", "/v1/images", files={"file": ("image.jpg", a_jpeg())})
        if not image:
            return
        post = self._send(client, "POST", "/v1/posts", json={"image_ids": [image["id"]], "text": text})
        if not post:
            return
        self.posts.append(post["id"])
        self._send(client, "PUT", f"/v1/posts/{post['id']}/like")
        self._send(client, "PATCH", f"/v1/posts/{post['id']}", json={"text": f"{text}, edited"})
        self._send(client, "POST", f"/v1/posts/{post['id']}/comments", json={"text": "a comment"})
        for path in ("/v1/feed", "/v1/posts", "/v1/rankings/trending", "/v1/notifications", f"/v1/posts/{post['id']}"):
            self._send(client, "GET", path)

    def _send(self, client: httpx.Client, method: str, path: str, **content: object) -> dict[str, str]:
        """Return the JSON of a success, and an empty dictionary otherwise."""
        addresses = self._addresses
        address = addresses[next(self._turns) % len(addresses)]
        try:
            answer = client.request(method, f"{address}{path}", **content)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            self.failures.append(f"{method} {path} at {address}: {error!r}")
            return {}
        self.answers[address] += 1
        if answer.is_error:
            self.failures.append(f"{method} {path} at {address}: {answer.status_code} {answer.text}")
            return {}
        return dict(answer.json()) if answer.content else {}
