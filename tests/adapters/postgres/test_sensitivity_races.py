"""Answers about sensitive media, while the image is published or deleted."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.memory.sensitive_media_detector import MemorySensitiveMediaDetector
from container import Container
from domain.errors import DomainError
from domain.ids import ImageId, UserId
from domain.jobs import DetectionJob
from domain.users import SignUp
from tests.containers import postgres_container
from tests.databases import empty_database
from tests.sample_images import a_jpeg

pytestmark = pytest.mark.postgres

ROUNDS = 25


@pytest.fixture
async def container(database_url: str) -> AsyncIterator[Container]:
    await empty_database(database_url)
    container = postgres_container(database_url, sensitive_media_detector=MemorySensitiveMediaDetector(0.9))
    yield container
    await container.database().close()


@pytest.fixture
async def ada(container: Container) -> UserId:
    return (await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))).user.id


async def upload_rated(container: Container, ada: UserId) -> ImageId:
    image = await container.uploading().upload(ada, a_jpeg())
    await container.sensitivity_scoring().attempt(DetectionJob(image.id))
    return image.id


async def test_answer_during_publication_marks_post(container: Container, ada: UserId) -> None:
    for _ in range(ROUNDS):
        image_id = await upload_rated(container, ada)

        view, _ = await asyncio.gather(
            container.posting().publish(ada, "", (image_id,)),
            container.sensitivity_feedback().answer(image_id, ada, sensitive=True),
        )

        assert (await container.browsing().post(view.post.id, None)).post.sensitive


async def test_answer_and_deletion_do_not_deadlock(container: Container, ada: UserId) -> None:
    for _ in range(ROUNDS):
        image_id = await upload_rated(container, ada)
        post = (await container.posting().publish(ada, "", (image_id,))).post

        outcomes = await asyncio.gather(
            container.posting().delete(post.id, ada),
            container.sensitivity_feedback().answer(image_id, ada, sensitive=True),
            container.sensitivity_scoring().attempt(DetectionJob(image_id)),
            return_exceptions=True,
        )

        errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert all(isinstance(error, DomainError) for error in errors), errors
        assert await container.sensitivity_feedback().own_scores([image_id], ada) == {}
