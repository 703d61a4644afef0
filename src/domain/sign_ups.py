"""Sign-ups: who may create an account, and what an applicant sends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import FieldError, Forbidden, Invalid
from domain.ids import UserId
from domain.terms import acceptance_error
from domain.text import text_error
from domain.users import SignUp, User

MAX_REASON = 500
MAX_CODE = 100


class SignUpMode(StrEnum):
    """`approval`: a moderator approves each account. `invite`: an invitation is needed. An invitation also replaces the
    approval."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITE = "invite"
    CLOSED = "closed"


class SignUpClosed(Forbidden):
    code = "sign_up_closed"

    def __init__(self) -> None:
        super().__init__("this server takes no sign-ups at present; ask its operator for an account")


class AccountPending(Forbidden):
    code = "account_pending"

    def __init__(self) -> None:
        super().__init__("your account waits for approval; until then you can only see its state and delete it")


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant sends beside the account: the code of an invitation, or a reason for the moderators, the
    accepted version of the terms, and the answer to a challenge."""

    invite: str | None = None
    reason: str | None = None
    accepted_terms: int | None = None
    answer: str | None = None


def check_application(mode: SignUpMode, application: Application, terms: int | None = None) -> None:
    """Raise `SignUpClosed`, or `Invalid` if the application lacks what the mode and the current terms need."""
    if mode is SignUpMode.CLOSED:
        raise SignUpClosed
    faults = (_application_error(mode, application), acceptance_error(terms, application.accepted_terms))
    if errors := tuple(error for error in faults if error):
        raise Invalid.of(*errors)


def waiting_reason(mode: SignUpMode, application: Application) -> str | None:
    """Return the reason to store if the account must wait for approval, else None."""
    waits = mode is SignUpMode.APPROVAL and application.invite is None
    return (application.reason or "").strip() if waits else None


def new_user(newcomer: SignUp, user_id: UserId, password_hash: str, now: datetime) -> User:
    """Return the user of a sign-up, approved and with a held address."""
    return User(
        id=user_id,
        username=newcomer.username,
        email=newcomer.email,
        password_hash=password_hash,
        display_name=newcomer.display_name or newcomer.username,
        created_at=now,
        role=newcomer.role,
    )


def _application_error(mode: SignUpMode, application: Application) -> FieldError | None:
    if mode is SignUpMode.INVITE and application.invite is None:
        return FieldError("invite", "missing", "is missing: this server needs an invitation; ask one of its moderators")
    if application.invite is not None:
        return text_error("invite", application.invite, min_length=1, max_length=MAX_CODE)
    if waiting_reason(mode, application) is None:
        return None
    return text_error("reason", (application.reason or "").strip(), min_length=1, max_length=MAX_REASON)
