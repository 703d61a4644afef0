from dataclasses import dataclass

import pytest

from container import Container
from domain.ids import UserId
from domain.images import Image
from domain.post_views import PostView
from domain.profiles import Profile
from domain.users import SignUp
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.sample_images import a_jpeg


@dataclass
class ServiceHarness:
    """A container with shortcuts for tests."""

    container: Container
    clock: StoppedClock

    async def sign_up(self, name: str) -> UserId:
        return (await self.sign_up_profile(name)).user.id

    async def sign_up_profile(self, name: str) -> Profile:
        return await self.container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))

    async def upload(self, owner: UserId, seed: int = 0) -> Image:
        return await self.container.uploading().upload(owner, a_jpeg(seed=seed))

    async def publish(self, author: UserId, text: str = "an image", seed: int = 0) -> PostView:
        image = await self.upload(author, seed)
        return await self.container.posting().publish(author, text, (image.id,))

    async def run_due_jobs(self) -> int:
        """Run all due jobs like a worker, and return their number."""
        return await self.container.storage().queue.drain(self.container.job_handler().handle)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def harness(clock: StoppedClock) -> ServiceHarness:
    return ServiceHarness(memory_container(clock=clock), clock)
