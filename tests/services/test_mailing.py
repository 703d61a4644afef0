"""Delivery of queued e-mails: attempts, failures, and what the operator sees."""

from datetime import timedelta

import pytest

from container import Container
from domain.emails import MAX_ATTEMPTS, RETENTION, EmailCount, EmailKind, EmailState
from domain.errors import NotFound, Unavailable
from domain.ids import EmailId
from domain.mailer import Mailer, Message, MessageRefused
from domain.users import SignUp
from tests.containers import memory_container
from tests.doubles import StoppedClock

ADA = SignUp("ada", "ada@example.org", "correct horse")


class ScriptedMailer(Mailer):
    """Raises the entries of its script, one per message, then accepts all."""

    def __init__(self, *script: Exception) -> None:
        self._script = list(script)
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if self._script:
            raise self._script.pop(0)


def make_container(mailer: Mailer, clock: StoppedClock) -> Container:
    return memory_container(mailer=mailer, clock=clock)


async def run_worker(container: Container) -> int:
    """Wake and run the due jobs, as the worker's loop does. Return their number."""
    await container.mailing().sweep()
    return await container.storage().queue.drain(container.job_handler().handle)


async def test_deferred_message_is_sent_later_with_new_link() -> None:
    mailer, clock = ScriptedMailer(Unavailable("the mail server cannot be used")), StoppedClock()
    container = make_container(mailer, clock)
    await container.signing_up().sign_up(ADA)

    assert await run_worker(container) == 1
    (email,) = await container.mailing().recent(10)
    assert (email.state, email.attempts, email.error) == (
        EmailState.PENDING,
        1,
        "busy: the mail server cannot be used",
    )
    assert await run_worker(container) == 0
    clock.advance(timedelta(seconds=30))
    assert await run_worker(container) == 1

    assert await container.mailing().counts() == [EmailCount(EmailState.SENT, 1)]
    first, second = [message.link for message in mailer.messages]
    assert first != second
    assert first is not None
    await container.email_proofs().confirm(first.rpartition("/")[2], None)


async def test_attempts_are_bounded_and_extend_over_an_hour() -> None:
    clock = StoppedClock()
    started = clock.now()
    mailer = ScriptedMailer(*[Unavailable("the mail server cannot be used")] * 20)
    container = make_container(mailer, clock)
    await container.password_resets().request(ADA.email)
    await container.signing_up().sign_up(ADA)

    while (await container.mailing().counts())[0].state is not EmailState.FAILED:
        await run_worker(container)
        clock.advance(timedelta(seconds=15))

    assert {message.kind for message in mailer.messages} == {EmailKind.PROOF, EmailKind.PASSWORD_RESET}
    assert len(mailer.messages) == 2 * MAX_ATTEMPTS
    assert clock.now() - started > timedelta(minutes=45)
    clock.advance(timedelta(days=1))
    assert await run_worker(container) == 0
    assert await container.mailing().retry_failed() == 2
    assert [count.state for count in await container.mailing().counts()] == [EmailState.PENDING]


@pytest.mark.parametrize("error", [MessageRefused("550 no such mailbox"), RuntimeError("a defect")])
async def test_refused_message_fails_at_once_and_defect_is_retried(error: Exception) -> None:
    container = make_container(ScriptedMailer(error), StoppedClock())
    await container.signing_up().sign_up(ADA)

    await run_worker(container)

    (count,) = await container.mailing().counts()
    is_final = isinstance(error, MessageRefused)
    assert count.state is (EmailState.FAILED if is_final else EmailState.PENDING)
    assert str(error) in str(count.example_error)


async def test_email_of_dead_worker_is_sent_again() -> None:
    mailer, clock = ScriptedMailer(), StoppedClock()
    container = make_container(mailer, clock)
    await container.signing_up().sign_up(ADA)
    async with container.storage().begin() as uow:
        (email,) = await uow.emails.recent(1)
        await uow.emails.save(email.start(clock.now()))
        await uow.commit()

    assert await run_worker(container) == 1
    assert mailer.messages == []
    clock.advance(timedelta(minutes=2))
    assert await run_worker(container) == 1

    assert len(mailer.messages) == 1


async def test_email_that_kills_every_worker_fails() -> None:
    clock = StoppedClock()
    container = make_container(ScriptedMailer(), clock)
    await container.signing_up().sign_up(ADA)
    for _ in range(MAX_ATTEMPTS):
        async with container.storage().begin() as uow:
            (email,) = await uow.emails.recent(1)
            await uow.emails.save(email.start(clock.now()))
            await uow.commit()
    clock.advance(timedelta(minutes=2))

    await run_worker(container)

    assert await container.mailing().counts() == [EmailCount(EmailState.FAILED, 1, "its worker died in every attempt")]


async def test_operator_gets_valid_link_until_it_expires() -> None:
    clock = StoppedClock()
    container = make_container(ScriptedMailer(), clock)
    await container.accounts().sign_up(ADA)
    await container.password_resets().request(ADA.email)
    (email,) = await container.mailing().recent(1)
    await run_worker(container)

    message = await container.mailing().issue_link(email.id)
    assert message.link is not None
    await container.password_resets().reset(message.link.rpartition("/")[2], "another horse", None)
    assert await container.signing_in().sign_in("ada", "another horse")

    clock.advance(timedelta(hours=1))
    for email_id in (email.id, EmailId(container.ids().new())):
        with pytest.raises(NotFound):
            await container.mailing().issue_link(email_id)


async def test_old_emails_are_deleted() -> None:
    clock = StoppedClock()
    container = make_container(ScriptedMailer(), clock)
    await container.signing_up().sign_up(ADA)
    await run_worker(container)

    clock.advance(RETENTION + timedelta(seconds=1))

    assert await container.mailing().delete_expired() == 2
    assert await container.mailing().recent(1) == []
