from typing import Annotated, Self

from pydantic import Field

from domain import blocklist
from domain.blocklist import HashKind, NewEntry
from entrypoints.http.schemas import Body, Id, Out, Timestamp


class BlocklistEntryCreate(Body):
    kind: HashKind = Field(strict=False)
    value: str = Field(description="hexadecimal: 64 digits for `sha256` and `pdq`, 16 for `perceptual`")
    reason: str = Field(description="for moderators, 1-1,000 characters")
    source: str = Field("", description="where the hash comes from, at most 100 characters")

    def to_entry(self) -> NewEntry:
        """Raises `Invalid`."""
        return NewEntry(self.kind, self.value, self.reason, self.source)


class BlocklistImageCreate(Body):
    image_id: str
    reason: str = Field(description="for moderators, 1-1,000 characters")
    source: str = Field("", description="at most 100 characters")


class BlocklistAddition(Out):
    added: Annotated[int, Field(description="the number of hashes that were not in the list yet")]


class BlocklistEntry(Out):
    id: Id
    kind: HashKind
    value: Annotated[str, Field(description="hexadecimal")]
    reason: str
    source: str
    added_by: Annotated[str, Field(description="the name of the moderator")]
    added_at: Timestamp
    applied: Annotated[bool, Field(description="whether the stored images were compared with it")]

    @classmethod
    def of(cls, entry: blocklist.Entry) -> Self:
        return cls(
            id=entry.id,
            kind=entry.kind,
            value=entry.value,
            reason=entry.reason,
            source=entry.source,
            added_by=entry.added_by,
            added_at=entry.added_at,
            applied=entry.applied,
        )
