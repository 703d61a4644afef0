"""The worker inside the API process, for the memory storage."""

import asyncio

from domain.understanding import State, Task
from domain.users import SignUp
from entrypoints.processes.in_process_worker import InProcessWorker, Message, Receive, Send
from tests.containers import memory_container
from tests.sample_images import a_jpeg

TIMEOUT = 20.0


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """A minimal application with a lifespan."""
    if scope["type"] != "lifespan":
        await send({"type": "answer"})
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def test_worker_runs_from_startup_to_shutdown() -> None:
    container = memory_container()
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    living = asyncio.create_task(InProcessWorker(app, container)({"type": "lifespan"}, inbox.get, outbox.put))
    async with asyncio.timeout(TIMEOUT):
        await inbox.put({"type": "lifespan.startup"})
        assert (await outbox.get())["type"] == "lifespan.startup.complete"

        ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        image = await container.uploading().upload(ada.user.id, a_jpeg())
        while image.understanding[Task.CLASSIFICATION].state is not State.DONE:
            await asyncio.sleep(0.005)
            image = await container.uploading().image(image.id, ada.user.id)

        await inbox.put({"type": "lifespan.shutdown"})
        assert (await outbox.get())["type"] == "lifespan.shutdown.complete"
        await living
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_requests_are_forwarded() -> None:
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    await InProcessWorker(app, memory_container())({"type": "http"}, outbox.get, outbox.put)
    assert await outbox.get() == {"type": "answer"}
