"""Identity: UUIDv7, minted by the application, so that nothing waits for the database to know its own name."""

from abc import abstractmethod
from typing import NewType, Protocol
from uuid import UUID

UserId = NewType("UserId", UUID)
TokenId = NewType("TokenId", UUID)
ImageId = NewType("ImageId", UUID)
PostId = NewType("PostId", UUID)
CommentId = NewType("CommentId", UUID)
CallId = NewType("CallId", UUID)
NotificationId = NewType("NotificationId", UUID)


class Ids(Protocol):
    @abstractmethod
    def new(self) -> UUID:
        """A UUIDv7 (RFC 9562) greater than every one this object gave before, also within a millisecond."""

    @abstractmethod
    def secret(self) -> str:
        """A URL-safe random string of at least 256 bits, for bearer tokens."""
