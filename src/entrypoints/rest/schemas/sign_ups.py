from typing import Annotated, Self

from pydantic import Field

from domain import invites, profiles, proof_of_work, terms
from entrypoints.http.schemas import Body, Id, Out, Timestamp


class SignUpChallenge(Out):
    """A challenge of ALTCHA. The answer is the Base64 of a JSON object with the first four members and `number`."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int

    @classmethod
    def of(cls, challenge: proof_of_work.WorkChallenge) -> Self:
        return cls(
            algorithm=challenge.algorithm,
            challenge=challenge.challenge,
            salt=challenge.salt,
            signature=challenge.signature,
            maxnumber=challenge.maxnumber,
        )


class SignUpState(Out):
    mode: Annotated[str, Field(description="open, approval, invite or closed")]
    terms: Annotated[int | None, Field(description="the version to accept with `accepted_terms`")]
    challenge: Annotated[
        SignUpChallenge | None, Field(description="answer it with `altcha`; not needed with an invitation")
    ]


class TermsCreate(Body):
    text: str = Field(description="1-50,000 characters")


class Terms(Out):
    version: int
    text: str
    created_at: Timestamp

    @classmethod
    def of(cls, found: terms.Terms) -> Self:
        return cls(version=found.version, text=found.text, created_at=found.created_at)


class PendingUser(Out):
    """An account that waits for approval."""

    username: str
    display_name: str
    email: str
    reason: str
    created_at: Timestamp

    @classmethod
    def of(cls, profile: profiles.Profile) -> Self:
        user = profile.user
        return cls(
            username=user.username,
            display_name=user.display_name,
            email=user.email,
            reason=user.application or "",
            created_at=user.created_at,
        )


class InviteCreate(Body):
    max_uses: int = Field(1, description="1-1,000")
    days: int = Field(7, description="1-365")


class Invite(Out):
    id: Id
    code: Annotated[str, Field(description="for `invite` of POST /v1/users, and for /sign-up?invite=")]
    uses: int
    max_uses: int
    creator: Annotated[str | None, Field(description="username of the moderator")]
    created_at: Timestamp
    expires_at: Timestamp

    @classmethod
    def of(cls, invite: invites.Invite) -> Self:
        return cls(
            id=invite.id,
            code=invite.code,
            uses=invite.uses,
            max_uses=invite.max_uses,
            creator=invite.creator,
            created_at=invite.created_at,
            expires_at=invite.expires_at,
        )
