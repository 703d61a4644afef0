from dataclasses import replace
from datetime import datetime

from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from adapters.memory.user_deletion import drop_user
from domain.follows import accepts_waiting_requests
from domain.ids import UserId
from domain.users import EmailStatus, EmailTaken, User, UsernameTaken, Users, normalize_login


class MemoryUsers(Users):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user: User, now: datetime) -> None:
        tables = await self._transaction.tables()
        if _is_name_taken(tables, normalize_login(user.username), now):
            self._transaction.mark_failed()
            raise UsernameTaken(user.username)
        self._refuse_held_twice(tables, user)
        tables.users[user.id] = user

    async def get(self, user_id: UserId) -> User | None:
        return (await self._transaction.tables()).users.get(user_id)

    async def save(self, user: User) -> None:
        tables = await self._transaction.tables()
        stored = tables.users.get(user.id)
        if stored is not None:
            tables.users[user.id] = replace(
                stored,
                display_name=user.display_name,
                bio=user.bio,
                avatar_image_id=user.avatar_image_id,
                default_visibility=user.default_visibility,
                sensitive_media=user.sensitive_media,
                role=user.role,
                password_hash=user.password_hash,
                application=user.application,
                accepted_terms=user.accepted_terms,
            )

    async def set_email(self, user_id: UserId, email: str, status: EmailStatus) -> None:
        tables = await self._transaction.tables()
        stored = tables.users.get(user_id)
        if stored is not None:
            changed = replace(stored, email=email, email_status=status)
            self._refuse_held_twice(tables, changed)
            tables.users[user_id] = changed

    def _refuse_held_twice(self, tables: Tables, user: User) -> None:
        others = (other for other in tables.users.values() if other.id != user.id and other.holds_email)
        if user.holds_email and any(other.email == user.email for other in others):
            self._transaction.mark_failed()
            raise EmailTaken(user.email)

    async def set_privacy(
        self, user_id: UserId, now: datetime, *, private: bool | None = None, follow_approval: bool | None = None
    ) -> None:
        tables = await self._transaction.tables()
        user = tables.users.get(user_id)
        if user is None:
            return
        user = tables.users[user_id] = replace(
            user,
            private=user.private if private is None else private,
            follow_approval=user.follow_approval if follow_approval is None else follow_approval,
        )
        if accepts_waiting_requests(user):
            for requester in [requester for requester, asked in tables.requests if asked == user_id]:
                tables.accept(requester, user_id, now)

    async def delete(self, user_id: UserId, reserved_until: datetime) -> None:
        tables = await self._transaction.tables()
        user = tables.users.get(user_id)
        if user is not None:
            drop_user(tables, user_id)
            tables.reserved[normalize_login(user.username)] = reserved_until

    async def delete_expired_reservations(self, now: datetime) -> int:
        tables = await self._transaction.tables()
        expired = [name for name, reserved_until in tables.reserved.items() if reserved_until <= now]
        for name in expired:
            del tables.reserved[name]
        return len(expired)


def _is_name_taken(tables: Tables, name: str, now: datetime) -> bool:
    reserved_until = tables.reserved.get(name)
    if reserved_until is not None and now < reserved_until:
        return True
    return any(normalize_login(user.username) == name for user in tables.users.values())
