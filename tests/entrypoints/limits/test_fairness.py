"""A flood of uploads by one user, and a single upload by another."""

from collections.abc import Sequence
from uuid import UUID

from domain.jobs import Job, QueuedJob
from domain.understanding import Task
from entrypoints.asgi import create_app
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import new_client, upload


async def test_single_upload_is_analysed_before_rest_of_flood(make_container: MakeContainer) -> None:
    container = make_container()
    app = create_app(container)
    async with new_client(app, "ada") as ada, new_client(app, "bob") as bob:
        flood = [UUID(await upload(ada, seed)) for seed in range(8)]
        late = UUID(await upload(bob, 9))
    order: list[UUID] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        order.extend(job.image_id for job in jobs if isinstance(job, Job) and job.task is Task.CLASSIFICATION)

    await container.storage().queue.drain(handle)

    assert set(order) == {*flood, late}
    assert order.index(late) <= 2
