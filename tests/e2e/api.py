"""What people do over the API, by the generated client."""

import time
from io import BytesIO
from typing import TypeVar

from tests.e2e.program import TIMEOUT, Server
from tintype_client import AuthenticatedClient
from tintype_client.api.images import images_create, images_get
from tintype_client.api.tokens import tokens_create
from tintype_client.api.users import users_create
from tintype_client.models import AccessToken, Image, ImagesCreateBody, TaskState, TokensCreateBody, User, UserCreate
from tintype_client.types import File

T = TypeVar("T")

PASSWORD = "correct horse"
ENDED = {TaskState.DONE, TaskState.FAILED, TaskState.SKIPPED}


def expect(kind: type[T], answer: object) -> T:
    """Return the answer, which is no problem."""
    assert isinstance(answer, kind), answer
    return answer


def sign_up(server: Server, name: str) -> AuthenticatedClient:
    """Sign up and in."""
    newcomer = UserCreate(username=name, email=f"{name}@example.org", password=PASSWORD)
    expect(User, users_create.sync(client=server.anonymous, body=newcomer))
    credentials = TokensCreateBody(username=name, password=PASSWORD)
    token = expect(AccessToken, tokens_create.sync(client=server.anonymous, body=credentials))
    return server.client_of(token.access_token)


def upload(client: AuthenticatedClient, image: bytes) -> Image:
    form = ImagesCreateBody(File(BytesIO(image), "p.jpg", "image/jpeg"))
    return expect(Image, images_create.sync(client=client, body=form))


def wait_until_understood(client: AuthenticatedClient, image_id: str) -> Image:
    """Return the image once both tasks have come to an end."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        image = expect(Image, images_get.sync(image_id, client=client))
        if {image.understanding.classification.state, image.understanding.caption.state} <= ENDED:
            return image
        time.sleep(0.1)
    raise AssertionError(f"not understood after {TIMEOUT} s: {image.understanding}")
