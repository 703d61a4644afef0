from dataclasses import dataclass

import pytest

from container import Container
from domain.feeds import PostView
from domain.ids import UserId
from domain.images import Image
from domain.people import Profile
from domain.users import SignUp
from tests.doubles import StoppedClock
from tests.pictures import a_jpeg
from tests.worlds import memory_container


@dataclass
class Town:
    """A container with a few words for what tests do again and again."""

    container: Container
    clock: StoppedClock

    async def person(self, name: str) -> UserId:
        return (await self.profile(name)).user.id

    async def profile(self, name: str) -> Profile:
        return await self.container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))

    async def image(self, owner: UserId, seed: int = 0) -> Image:
        return await self.container.uploading().upload(owner, a_jpeg(seed=seed))

    async def post(self, author: UserId, text: str = "a picture", seed: int = 0) -> PostView:
        image = await self.image(author, seed)
        return await self.container.posting().publish(author, text, (image.id,))

    async def work(self) -> int:
        """Let the worker do all that is due; how many jobs it took."""
        return int(await self.container.storage().queue.drain(self.container.understanding().attempt))


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def town(clock: StoppedClock) -> Town:
    return Town(memory_container(clock=clock), clock)
