"""Accounts: sign-up, profile and deletion."""

import logging
from dataclasses import replace

from domain.audit_log import Action, LogEntry
from domain.clock import Clock
from domain.effects import Target, TargetKind
from domain.emails import EmailKind
from domain.errors import Invalid, NotFound
from domain.ids import Ids, LogEntryId, UserId
from domain.names import reserved_name_error
from domain.pages import Page, PageRequest
from domain.passwords import NewPassword, PasswordHasher
from domain.profiles import Profile, UserReader, require_profile
from domain.roles import Role
from domain.services.queue_email import queue_notice
from domain.sign_ups import new_user
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import (
    NAME_RESERVATION,
    EmailStatus,
    ProfileChanges,
    SignUp,
    User,
    UserNotFound,
    normalize_login,
    username_error,
    validate_email,
)

logger = logging.getLogger("tintype.security")


class Accounts:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        user_reader: UserReader,
        passwords: PasswordHasher,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._passwords = passwords
        self._clock = clock
        self._ids = ids

    async def sign_up(self, newcomer: SignUp) -> Profile:
        """Create an account that holds its address, as an operator. Raises `UsernameTaken` or `EmailTaken`."""
        password_hash = await self._passwords.hash(newcomer.password)
        now = self._clock.now()
        user = new_user(newcomer, UserId(self._ids.new()), password_hash, now)
        async with self._begin() as uow:
            await uow.users.add(user, now)
            await uow.commit()
        logger.info("account created", extra={"user": str(user.id)})
        return await self.profile(user.username, user.id)

    async def profile(self, username: str, viewer: UserId | None = None) -> Profile:
        """Return a user as the viewer sees them. Raises `UserNotFound`."""
        return await require_profile(self._user_reader, username, viewer)

    async def account(self, username: str) -> Profile:
        """Return an account as an operator, also of a suspended user, and of one whose sign-up waits for
        approval. Raises `UserNotFound`."""
        name = normalize_login(username)
        profile = None if username_error(name) else await self._user_reader.account(name)
        if profile is None:
            raise UserNotFound(username)
        return profile

    async def edit_profile(self, user_id: UserId, changes: ProfileChanges) -> Profile:
        """Change the user's own profile. An avatar must be one of the user's own images; it becomes public. A private
        account shows its posts to followers only. If follows need no approval any more, all follow requests are
        accepted."""
        async with self._begin() as uow:
            if changes.private is not None or changes.follow_approval is not None:
                await uow.users.set_privacy(
                    user_id, self._clock.now(), private=changes.private, follow_approval=changes.follow_approval
                )
            user = await _require_user(uow, user_id)
            _refuse_reserved(user, changes)
            avatar_id = changes.avatar_image_id
            if avatar_id is not None and not await uow.images.is_owned(avatar_id, user_id):
                raise NotFound("you have no such image; upload it first", field="avatar_image_id")
            await uow.users.save(user.with_changes(changes))
            await uow.commit()
        return await self.profile(user.username, user_id)

    async def set_password(self, username: str, password: str) -> None:
        """Set a password as an operator. All sessions of the account end."""
        profile = await self.account(username)
        password_hash = await self._passwords.hash(NewPassword(password, names=profile.user.names).value)
        async with self._begin() as uow:
            user = await _require_user(uow, profile.user.id)
            await uow.users.save(replace(user, password_hash=password_hash))
            await uow.tokens.delete_others(user.id, keep=None)
            await uow.email_links.delete_all(user.id)
            await queue_notice(uow, self._ids, self._clock.now(), EmailKind.PASSWORD_CHANGED, user)
            await uow.commit()
        logger.info("password set by the operator", extra={"user": str(user.id)})

    async def set_email(self, username: str, email: str) -> None:
        """Set an address as an operator, without confirmation. Links that were sent before become invalid. Raises
        `EmailTaken`."""
        address = validate_email(email)
        profile = await self.account(username)
        async with self._begin() as uow:
            user = await _require_user(uow, profile.user.id)
            await uow.users.set_email(user.id, address, EmailStatus.HELD)
            await uow.email_links.delete_all(user.id)
            await uow.email_changes.delete(user.id)
            await queue_notice(uow, self._ids, self._clock.now(), EmailKind.ADDRESS_CHANGED, user, address)
            await uow.commit()
        logger.info("e-mail address set by the operator", extra={"user": str(user.id)})

    async def set_role(self, username: str, role: Role) -> Profile:
        """Set the role of an account as an operator. It applies from the next request of the account."""
        profile = await self.account(username)
        async with self._begin() as uow:
            user = await _require_user(uow, profile.user.id)
            await uow.users.save(replace(user, role=role))
            await uow.audit_log.add(self._role_entry(user, role))
            await uow.commit()
        logger.info("role set to %s by the operator", role, extra={"user": str(user.id)})
        return await self.account(user.username)

    def _role_entry(self, user: User, role: Role) -> LogEntry:
        details = {"user": user.username, "from": user.role.value, "to": role.value}
        target, entry_id = Target(TargetKind.USER, user.id), LogEntryId(self._ids.new())
        return LogEntry(entry_id, self._clock.now(), None, Action.ROLE_CHANGE, target, user.id, details)

    async def delete(self, user_id: UserId) -> None:
        """Delete the account with everything it owns. Its name stays reserved for `NAME_RESERVATION`."""
        async with self._begin() as uow:
            await uow.users.delete(user_id, reserved_until=self._clock.now() + NAME_RESERVATION)
            await uow.commit()
        logger.info("account deleted", extra={"user": str(user_id)})

    async def delete_expired_reservations(self) -> int:
        """Delete names of deleted accounts that are free again. Return their number."""
        async with self._begin() as uow:
            count = await uow.users.delete_expired_reservations(self._clock.now())
            await uow.commit()
        return count

    async def all_users(self, page: PageRequest) -> Page[Profile]:
        """Return every account, newest first; for operators."""
        return await self._user_reader.all_users(page)


def _refuse_reserved(user: User, changes: ProfileChanges) -> None:
    is_free = user.role is not Role.USER or changes.display_name == user.display_name
    if not is_free and (error := reserved_name_error("display_name", changes.display_name)):
        raise Invalid.of(error)


async def _require_user(uow: UnitOfWork, user_id: UserId) -> User:
    user = await uow.users.get(user_id)
    if user is None:
        raise UserNotFound
    return user
