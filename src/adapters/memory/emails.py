from collections.abc import Sequence
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.emails import Email, EmailCount, Emails, EmailState
from domain.ids import EmailId
from domain.users import UserNotFound


class MemoryEmails(Emails):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, email: Email) -> None:
        tables = await self._transaction.tables()
        if email.user_id is not None and email.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.emails[email.id] = email

    async def get(self, email_id: EmailId) -> Email | None:
        return (await self._transaction.tables()).emails.get(email_id)

    async def save(self, email: Email) -> None:
        emails = (await self._transaction.tables()).emails
        if email.id in emails:
            emails[email.id] = email

    async def delete(self, email_id: EmailId) -> None:
        (await self._transaction.tables()).emails.pop(email_id, None)

    async def find_due(self, now: datetime, limit: int) -> Sequence[Email]:
        emails = (await self._transaction.tables()).emails.values()
        due = [email for email in emails if email.is_due(now)]
        return sorted(due, key=lambda email: (email.next_attempt_at or now, email.id))[:limit]

    async def recent(self, limit: int) -> Sequence[Email]:
        emails = (await self._transaction.tables()).emails
        return [emails[email_id] for email_id in sorted(emails, reverse=True)[:limit]]

    async def retry_failed(self, now: datetime) -> int:
        emails = (await self._transaction.tables()).emails
        failed = [email for email in emails.values() if email.state is EmailState.FAILED]
        emails.update({email.id: email.schedule(now) for email in failed})
        return len(failed)

    async def counts(self) -> Sequence[EmailCount]:
        emails = sorted((await self._transaction.tables()).emails.values(), key=lambda email: email.id, reverse=True)
        by_state = {state: [email for email in emails if email.state is state] for state in sorted(EmailState)}
        return [
            EmailCount(state, len(found), next((email.error for email in found if email.error), None))
            for state, found in by_state.items()
            if found
        ]

    async def delete_created_before(self, before: datetime) -> int:
        tables = await self._transaction.tables()
        remaining = {email.id: email for email in tables.emails.values() if email.created_at >= before}
        count = len(tables.emails) - len(remaining)
        tables.emails = remaining
        return count
