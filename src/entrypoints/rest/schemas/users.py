from typing import Annotated, Any, Self

from pydantic import Field

from domain import profiles, tokens
from domain.consent import CaptionChoice, Consent
from domain.email_changes import EmailChange
from domain.posts import SensitiveMedia, Visibility
from domain.scopes import scopes_of_role
from entrypoints.http.schemas import Body, Changes, Id, Out, Timestamp


class Avatar(Out):
    """Paths on this host; public."""

    thumb: str
    medium: str

    @classmethod
    def of(cls, avatar: profiles.Avatar | None) -> Self | None:
        if avatar is None:
            return None
        path = f"/v1/images/{avatar.image_id}/file?size="
        return cls(thumb=f"{path}thumb", medium=f"{path}medium")


class Relation(Out):
    """The relation of the caller to this user."""

    follows: bool
    followed_by: bool
    requested: bool
    blocking: bool
    muting: bool

    @classmethod
    def of(cls, relation: profiles.Relation | None) -> Self | None:
        if relation is None:
            return None
        return cls(
            follows=relation.follows,
            followed_by=relation.followed_by,
            requested=relation.requested,
            blocking=relation.blocking,
            muting=relation.muting,
        )


class User(Out):
    id: Id
    username: str
    display_name: str
    bio: str
    avatar: Avatar | None
    private: bool
    created_at: Timestamp
    followers_count: int
    following_count: int
    posts_count: int
    viewer: Annotated[Relation | None, Field(description="null when nobody is signed in")]

    @classmethod
    def of(cls, profile: profiles.Profile) -> "User":
        return User(**_public_fields(profile))


class CaptionConsent(Out):
    """Who may describe your images. While `decided_at` is null, nothing leaves the server."""

    captions: Annotated[CaptionChoice, Field(description="nobody, a model on the server, or an external service")]
    followers_only: Annotated[bool, Field(description="whether the service also gets images for followers only")]
    decided_at: Timestamp | None

    @classmethod
    def of(cls, answer: Consent) -> Self:
        return cls(captions=answer.captions, followers_only=answer.followers_only, decided_at=answer.decided_at)


class Me(User):
    email: str
    email_verified: Annotated[bool, Field(description="whether a link that was sent to the address was used")]
    pending_email: Annotated[str | None, Field(description="the new address, while a change waits for confirmation")]
    role: str
    state: Annotated[str, Field(description="active, or pending while the sign-up waits for approval")]
    unread_notifications: Annotated[int, Field(description="counted up to 1,000")]
    follow_approval: Annotated[bool, Field(description="whether you approve your followers")]
    default_visibility: Annotated[Visibility, Field(description="the visibility of posts that state none")]
    sensitive_media: Annotated[
        SensitiveMedia, Field(description="whether pages `blur` sensitive posts until you click them, or `show` them")
    ]
    consent: CaptionConsent

    @classmethod
    def from_profile(cls, profile: profiles.Profile, unread: int, answer: Consent, change: EmailChange | None) -> Self:
        user = profile.user
        return cls(
            **_public_fields(profile),
            email=user.email,
            email_verified=user.email_verified,
            pending_email=change.email if change else None,
            role=user.role.value,
            unread_notifications=unread,
            follow_approval=user.follow_approval,
            default_visibility=user.default_visibility,
            sensitive_media=user.sensitive_media,
            consent=CaptionConsent.of(answer),
            state="pending" if user.is_pending else "active",
        )


def _public_fields(profile: profiles.Profile) -> dict[str, Any]:
    user = profile.user
    return {
        "id": user.id,
        "username": user.username,
        "display_name": user.display_name,
        "bio": user.bio,
        "avatar": Avatar.of(profile.avatar),
        "private": user.private,
        "created_at": user.created_at,
        "followers_count": user.followers_count,
        "following_count": user.following_count,
        "posts_count": user.posts_count,
        "viewer": Relation.of(profile.relation),
    }


class Byline(Out):
    """The author of a post or comment, in short form."""

    id: Id
    username: str
    display_name: str
    avatar: Avatar | None

    @classmethod
    def of(cls, byline: profiles.Byline) -> Self:
        return cls(
            id=byline.id,
            username=byline.username,
            display_name=byline.display_name,
            avatar=Avatar.of(byline.avatar),
        )


class UserCreate(Body):
    username: str = Field(description="3-30 of a-z, 0-9 and _; stored in lower case", examples=["ada"])
    email: str = Field(examples=["ada@example.org"])
    password: str = Field(
        description="at least 10 characters, not a common password, not your name", examples=["correct horse battery"]
    )
    display_name: str | None = None
    invite: str | None = Field(None, description="the code of an invitation")
    reason: str | None = Field(None, description="for the moderators, where they approve sign-ups", max_length=500)
    accepted_terms: int | None = Field(None, description="the accepted version of the terms, if there are any")
    altcha: str | None = Field(None, description="the answer to the challenge of GET /v1/sign-up, if it has one")


class ConsentUpdate(Body):
    """Your answer, for new images and old ones."""

    captions: CaptionChoice = Field(strict=False)
    followers_only: bool = False


class ProfileUpdate(Changes):
    """Fields that are not sent stay unchanged."""

    consent: ConsentUpdate = Field(ConsentUpdate(captions=CaptionChoice.OFFLINE))

    display_name: str = ""
    bio: str = ""
    avatar_image_id: str | None = Field(None, description="one of your images; null removes the avatar")
    private: bool = Field(
        False, description="true: all your posts are for approved followers only, whatever their visibility"
    )
    follow_approval: bool = Field(
        False, description="true: you approve your followers; false accepts all requests, unless the account is private"
    )
    default_visibility: Visibility = Field(
        Visibility.PUBLIC, strict=False, description="the visibility of posts that state none"
    )
    sensitive_media: SensitiveMedia = Field(
        SensitiveMedia.BLUR,
        strict=False,
        description="whether pages `blur` sensitive posts until you click them, or `show` them",
    )


class PasswordChange(Body):
    current: str
    new: str = Field(description="at least 10 characters")


class EmailUpdate(Body):
    email: str = Field(examples=["ada@example.net"])
    current: str = Field(description="your current password")


class PasswordResetRequest(Body):
    email: str = Field(description="the address of your account", examples=["ada@example.org"])


class PasswordReset(Body):
    password: str = Field(description="at least 10 characters")


class AccessToken(Out, kw_only=True):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 — the token type's name in RFC 6749
    expires_in: Annotated[int, Field(description="seconds")]
    expires_at: Timestamp


class Token(Out):
    id: Id
    name: Annotated[str | None, Field(description="of the program that uses it")]
    scopes: list[str]
    created_at: Timestamp
    last_used_at: Annotated[Timestamp | None, Field(description="exact to five minutes")]
    expires_at: Timestamp
    device: Annotated[str | None, Field(description="of the sign-in, for 30 days", examples=["Firefox on Linux"])]
    address: Annotated[str | None, Field(description="of the sign-in, for 30 days; of IPv6, the network")]
    current: Annotated[bool, Field(description="whether this request uses it")]

    @classmethod
    def of(cls, token: tokens.Token, session: tokens.Session) -> Self:
        return cls(
            id=token.id,
            name=token.name,
            scopes=[scope.value for scope in scopes_of_role(token.scopes, session.role)],
            created_at=token.created_at,
            last_used_at=token.last_used_at,
            expires_at=token.expires_at,
            device=token.device,
            address=token.address,
            current=token.id == session.token_id,
        )
