"""The bounded executor of blocking work."""

import asyncio
from threading import Event

import pytest

from adapters.argon2.passwords import Argon2PasswordHasher
from adapters.system.executor import BoundedExecutor
from domain.errors import Unavailable


async def test_full_executor_refuses_and_recovers() -> None:
    gate = Event()
    executor = BoundedExecutor("waiting", threads=1, waiting=1, retry_after=7)
    taken = [asyncio.create_task(executor.run(gate.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match=r"the waiting queue is full \(2 requests\); retry in 7 s") as refusal:
        await executor.run(gate.wait)
    assert refusal.value.retry_after == 7
    gate.set()
    assert await asyncio.gather(*taken) == [True, True]
    assert await executor.run(gate.wait)
    executor.close()


async def test_cancelled_call_keeps_slot_until_work_ends() -> None:
    gate, begun = Event(), Event()

    def work() -> None:
        begun.set()
        gate.wait()

    executor = BoundedExecutor("waiting", threads=1, waiting=0)
    task = asyncio.create_task(executor.run(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(Unavailable):
        await executor.run(gate.is_set)
    gate.set()
    executor.close()


async def test_errors_are_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await BoundedExecutor("dividing", 1, 1).run(divmod, 1, 0)


async def test_password_guesses_leave_threads_to_trusted_callers() -> None:
    passwords = Argon2PasswordHasher(threads=1, waiting=1)
    hashed = await passwords.hash("correct horse battery")
    guesses = [asyncio.create_task(passwords.verify("a guess", hashed)) for _ in range(60)]
    await asyncio.sleep(0)

    assert await passwords.verify("correct horse battery", hashed, trusted=True)

    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(outcome, Unavailable) for outcome in outcomes) >= 50
