"""The contracts of e-mails, their links, and changes of addresses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.email_changes import EmailChange
from domain.email_links import EmailLink, LinkPurpose
from domain.emails import Email, EmailCount, EmailKind, EmailState
from domain.ids import EmailId, UserId
from domain.users import User, UserNotFound
from tests.contracts.harness import StorageHarness, at


def new_email(harness: StorageHarness, user: User | None = None, **fields: Any) -> Email:
    email = Email(EmailId(harness.new_id()), EmailKind.PROOF, "ada@example.org", at(0), user.id if user else None)
    return replace(email.schedule(at(0)), **fields)


async def add_emails(harness: StorageHarness, *emails: Email) -> None:
    async with harness.storage.begin() as uow:
        for email in emails:
            await uow.emails.add(email)
        await uow.commit()


async def get_email(harness: StorageHarness, email: Email) -> Email | None:
    async with harness.storage.begin() as uow:
        return await uow.emails.get(email.id)


class EmailsContract:
    async def test_stored_email_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        email = new_email(harness, ada, kind=EmailKind.APPROVAL, detail="new@example.org", error="busy", attempts=2)
        reset = new_email(harness, kind=EmailKind.PASSWORD_RESET)

        await add_emails(harness, email, reset)

        assert await get_email(harness, email) == email
        assert await get_email(harness, reset) == reset
        assert await get_email(harness, new_email(harness)) is None

    async def test_progress_is_saved(self, harness: StorageHarness) -> None:
        email = new_email(harness)
        await add_emails(harness, email)

        async with harness.storage.begin() as uow:
            await uow.emails.save(email.start(at(5)).mark_failed("refused"))
            await uow.emails.save(new_email(harness))
            await uow.commit()

        assert await get_email(harness, email) == email.start(at(5)).mark_failed("refused")

    async def test_due_emails_are_found_most_overdue_first(self, harness: StorageHarness) -> None:
        late, later = new_email(harness, next_attempt_at=at(2)), new_email(harness, next_attempt_at=at(3))
        first = new_email(harness, state=EmailState.RUNNING, next_attempt_at=at(1))
        others = [
            new_email(harness, next_attempt_at=at(9)),
            new_email(harness).mark_sent(),
            new_email(harness).mark_failed("refused"),
        ]
        await add_emails(harness, later, late, first, *others)

        async with harness.storage.begin() as uow:
            assert [email.id for email in await uow.emails.find_due(at(3), 10)] == [first.id, late.id, later.id]
            assert [email.id for email in await uow.emails.find_due(at(3), 1)] == [first.id]

    async def test_recent_emails_are_newest_first(self, harness: StorageHarness) -> None:
        emails = [new_email(harness) for _ in range(3)]
        await add_emails(harness, *emails)

        async with harness.storage.begin() as uow:
            assert await uow.emails.recent(2) == [emails[2], emails[1]]

    async def test_failed_emails_can_be_retried(self, harness: StorageHarness) -> None:
        failed, sent = new_email(harness, attempts=8).mark_failed("refused"), new_email(harness).mark_sent()
        await add_emails(harness, failed, sent)

        async with harness.storage.begin() as uow:
            assert await uow.emails.retry_failed(at(7)) == 1
            await uow.commit()

        assert await get_email(harness, failed) == failed.schedule(at(7))
        assert await get_email(harness, sent) == sent

    async def test_emails_are_counted_by_state(self, harness: StorageHarness) -> None:
        failed = [new_email(harness).mark_failed(error) for error in ("older", "newer")]
        await add_emails(harness, *failed, new_email(harness))

        async with harness.storage.begin() as uow:
            counts = await uow.emails.counts()

        assert counts == [EmailCount(EmailState.FAILED, 2, "newer"), EmailCount(EmailState.PENDING, 1)]

    async def test_old_and_deleted_emails_are_gone(self, harness: StorageHarness) -> None:
        old, new, pointless = new_email(harness), new_email(harness, created_at=at(10)), new_email(harness)
        await add_emails(harness, old, new, pointless)

        async with harness.storage.begin() as uow:
            for _ in range(2):
                await uow.emails.delete(pointless.id)
            assert await uow.emails.delete_created_before(at(10)) == 1
            await uow.commit()

        assert await get_email(harness, old) is None
        assert await get_email(harness, new) == new

    async def test_emails_of_deleted_user_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        email, other = new_email(harness, ada), new_email(harness)
        await add_emails(harness, email, other)

        await harness.delete_user(ada)

        assert await get_email(harness, email) is None
        assert await get_email(harness, other) == other
        with pytest.raises(UserNotFound):
            await add_emails(harness, new_email(harness, ada))


def new_link(user: User, name: str, purpose: LinkPurpose = LinkPurpose.PROOF, seconds: float = 60) -> EmailLink:
    return EmailLink(name, user.id, purpose, user.email, at(seconds))


async def add_links(harness: StorageHarness, *links: EmailLink) -> None:
    async with harness.storage.begin() as uow:
        for link in links:
            await uow.email_links.add(link)
        await uow.commit()


async def remaining_links(harness: StorageHarness, *links: EmailLink) -> list[str]:
    async with harness.storage.begin() as uow:
        return [link.hash for link in links if await uow.email_links.get(link.hash) == link]


class EmailLinksContract:
    async def test_link_is_found_by_hash(self, harness: StorageHarness) -> None:
        link = new_link(await harness.add_user("ada"), "first", LinkPurpose.APPROVAL)

        await add_links(harness, link)

        assert await remaining_links(harness, link) == ["first"]
        async with harness.storage.begin() as uow:
            assert await uow.email_links.get("other") is None

    async def test_links_are_deleted_by_purpose_and_address(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        links = [
            new_link(ada, "proof"),
            new_link(ada, "again"),
            new_link(ada, "reset", LinkPurpose.PASSWORD_RESET),
            replace(new_link(ada, "elsewhere"), address="else@example.org"),
            replace(new_link(bob, "other"), address=ada.email),
        ]
        await add_links(harness, *links)

        async with harness.storage.begin() as uow:
            await uow.email_links.delete(ada.id, LinkPurpose.PROOF, ada.email)
            await uow.commit()
        assert await remaining_links(harness, *links) == ["reset", "elsewhere", "other"]

        async with harness.storage.begin() as uow:
            await uow.email_links.delete_all(ada.id)
            await uow.commit()
        assert await remaining_links(harness, *links) == ["other"]

    async def test_expired_links_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        links = [new_link(ada, "old", seconds=60), new_link(ada, "new", seconds=61)]
        await add_links(harness, *links)

        async with harness.storage.begin() as uow:
            assert await uow.email_links.delete_expired(at(60)) == 1
            await uow.commit()

        assert await remaining_links(harness, *links) == ["new"]

    async def test_links_of_deleted_user_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        link = new_link(ada, "first")
        await add_links(harness, link)

        await harness.delete_user(ada)

        assert await remaining_links(harness, link) == []
        with pytest.raises(UserNotFound):
            await add_links(harness, link)


async def save_change(harness: StorageHarness, change: EmailChange) -> None:
    async with harness.storage.begin() as uow:
        await uow.email_changes.save(change)
        await uow.commit()


async def get_change(harness: StorageHarness, user_id: UserId) -> EmailChange | None:
    async with harness.storage.begin() as uow:
        return await uow.email_changes.get(user_id)


class EmailChangesContract:
    async def test_later_change_replaces_earlier(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        change = EmailChange(ada.id, "new@example.org", approved=True, proved=False, expires_at=at(60))
        later = EmailChange(ada.id, "newer@example.org", approved=False, proved=True, expires_at=at(70))
        assert await get_change(harness, ada.id) is None

        await save_change(harness, change)
        assert await get_change(harness, ada.id) == change
        await save_change(harness, later)
        assert await get_change(harness, ada.id) == later

    async def test_changes_are_deleted(self, harness: StorageHarness) -> None:
        users = [await harness.add_user(name) for name in ("ada", "bob", "eve", "mia")]
        for seconds, user in enumerate(users):
            await save_change(harness, EmailChange(user.id, "n@example.org", False, False, at(seconds)))

        async with harness.storage.begin() as uow:
            await uow.email_changes.delete(users[3].id)
            assert await uow.email_changes.delete_expired(at(0) + timedelta(seconds=1)) == 2
            await uow.commit()

        assert [await get_change(harness, user.id) is None for user in users] == [True, True, False, True]
        await harness.delete_user(users[2])
        assert await get_change(harness, users[2].id) is None
