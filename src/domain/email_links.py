"""Links in e-mails. Only a hash of their secret is stored. A link has its effect once."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import NotFound
from domain.ids import UserId


class LinkPurpose(StrEnum):
    """What a link allows: to set a new password, to prove that its address belongs to the user, or to approve the
    change to its address."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 — a name
    PROOF = "proof"
    APPROVAL = "approval"


LIFETIMES = {
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.PROOF: timedelta(days=1),
    LinkPurpose.APPROVAL: timedelta(days=1),
}
"""How long a link is valid after it was sent."""
_HOURS = {
    purpose: "one hour" if lifetime == timedelta(hours=1) else f"{lifetime // timedelta(hours=1)} hours"
    for purpose, lifetime in LIFETIMES.items()
}


@dataclass(frozen=True, slots=True)
class EmailLink:
    """`hash` is that of the link's secret, as `domain.tokens.token_hash` makes it. `address` is the recipient of a
    reset, and the new address of an approval."""

    hash: str
    user_id: UserId
    purpose: LinkPurpose
    address: str
    expires_at: datetime


class LinkNotFound(NotFound):
    def __init__(self, purpose: LinkPurpose) -> None:
        super().__init__(
            f"this link is incomplete, was used, has expired ({_HOURS[purpose]} after it was sent), or belongs to "
            "another account than the one that is signed in; request a new link"
        )


class EmailLinks(Protocol):
    """The links of a unit of work."""

    @abstractmethod
    async def add(self, link: EmailLink) -> None:
        """Store a new link. Raises `UserNotFound` when the user was deleted meanwhile."""

    @abstractmethod
    async def get(self, link_hash: str) -> EmailLink | None:
        """Return the link, also when it has expired; None when absent."""

    @abstractmethod
    async def delete(self, user_id: UserId, purpose: LinkPurpose, address: str) -> None:
        """Delete the user's links of this purpose and address: an e-mail that was sent twice has two."""

    @abstractmethod
    async def delete_all(self, user_id: UserId) -> None:
        """Delete all links of the user."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired links. Return their number."""


def require_link(
    link: EmailLink | None, purposes: frozenset[LinkPurpose], caller: UserId | None, now: datetime
) -> EmailLink:
    """Return the link if it is valid for one of the purposes. A signed-in caller may use their own links only. Raises
    `LinkNotFound`, which does not say why."""
    is_valid = link is not None and link.purpose in purposes and link.expires_at > now
    if link is None or not is_valid or caller not in {None, link.user_id}:
        raise LinkNotFound(min(purposes))
    return link
