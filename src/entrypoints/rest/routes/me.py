from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from container import Container
from domain.ids import ImageId
from domain.profiles import Profile
from domain.rate_limits import PROVE_EMAIL
from domain.users import ProfileChanges, validate_email
from entrypoints.http.dependencies import AnySession, ContainerDep, CurrentSession, TokenIdPath, parse_id
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_recipient, rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.images import Image
from entrypoints.rest.schemas.users import EmailUpdate, Me, PasswordChange, ProfileUpdate, Token, User

router = APIRouter(prefix="/me", tags=["me"], route_class=Route)


@router.get("", responses=problems(401))
async def get(container: ContainerDep, session: AnySession) -> Me:
    """Your profile, with the fields that others do not see. `state` is `pending` while your sign-up waits for approval:
    then you can only read this, sign out, and delete the account."""
    return await _me(container, await container.accounts().profile(session.username, session.user_id))


@router.patch("", responses=problems(400, 401, 404, 415))
async def update(body: ProfileUpdate, container: ContainerDep, session: CurrentSession) -> Me:
    """Edit your profile. Fields that are not sent stay unchanged; `avatar_image_id: null` removes the avatar."""
    consenting = container.consenting()
    answer = body.consent if "consent" in body.model_fields_set else None
    if answer is not None:
        consenting.writers.require_offered(answer.captions)  # before anything is changed
    profile = await container.accounts().edit_profile(session.user_id, _changes(body))
    if answer is not None:
        await consenting.decide(session.user_id, answer.captions, followers_only=answer.followers_only)
    return await _me(container, profile)


@router.delete("", status_code=HTTPStatus.NO_CONTENT, responses=problems(401))
async def delete(container: ContainerDep, session: AnySession) -> None:
    """Delete your account with everything it owns. The name stays reserved for 30 days."""
    await container.accounts().delete(session.user_id)


@router.put("/password", status_code=HTTPStatus.NO_CONTENT, responses=problems(400, 401, 415))
async def change_password(body: PasswordChange, container: ContainerDep, session: CurrentSession) -> None:
    """Change your password. Every other session ends."""
    await container.signing_in().change_password(session, body.current, body.new)


@router.put(
    "/email",
    status_code=HTTPStatus.ACCEPTED,
    response_class=Response,
    responses=problems(400, 401, 415, 429),
    dependencies=[rate_limit(PROVE_EMAIL)],
)
async def change_email(body: EmailUpdate, container: ContainerDep, session: CurrentSession, request: Request) -> None:
    """Request a change of your e-mail address. It takes effect when the links that are sent to the new address and, if
    it is verified, to the present one were used. The answer is the same for every address."""
    address = validate_email(body.email)
    await container.signing_in().confirm_password(session.user_id, body.current)
    await count_recipient(request, address)
    await container.email_proofs().request_change(session.user_id, address)


@router.get("/tokens", responses=problems(401))
async def list_tokens(container: ContainerDep, session: AnySession, list_request: ListQuery) -> ListOf[Token]:
    """Your valid tokens, newest first."""
    scope = f"me/{session.user_id}/tokens"
    page = await container.signing_in().tokens(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, lambda token: Token.of(token, session))


@router.delete("/tokens", status_code=HTTPStatus.NO_CONTENT, responses=problems(401))
async def revoke_tokens(session: AnySession, container: ContainerDep) -> None:
    """Revoke all sessions, including this one."""
    await container.signing_in().revoke_all(session.user_id)


@router.delete("/tokens/{token_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def revoke_token(session: AnySession, token_id: TokenIdPath, container: ContainerDep) -> None:
    """Revoke one session."""
    await container.signing_in().revoke(session.user_id, token_id)


@router.get("/images", responses=problems(401))
async def list_images(container: ContainerDep, session: CurrentSession, list_request: ListQuery) -> ListOf[Image]:
    """Your uploads, newest first, posted or not."""
    scope = f"me/{session.user_id}/images"
    page = await container.uploading().of_owner(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, Image.of)


@router.get("/blocks", responses=problems(401))
async def list_blocks(container: ContainerDep, session: CurrentSession, list_request: ListQuery) -> ListOf[User]:
    """The users you block, newest first."""
    scope = f"me/{session.user_id}/blocks"
    page = await container.blocking().list_blocked(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)


@router.get("/mutes", responses=problems(401))
async def list_mutes(container: ContainerDep, session: CurrentSession, list_request: ListQuery) -> ListOf[User]:
    """The users you mute, newest first."""
    scope = f"me/{session.user_id}/mutes"
    page = await container.blocking().list_muted(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)


async def _me(container: Container, profile: Profile) -> Me:
    user_id = profile.user.id
    unread, consent = await container.notifying().unread_count(user_id), await container.consenting().get(user_id)
    return Me.from_profile(profile, unread, consent, await container.email_proofs().pending_change(user_id))


def _changes(body: ProfileUpdate) -> ProfileChanges:
    sent = body.model_fields_set
    avatar = body.avatar_image_id
    return ProfileChanges(
        display_name=body.display_name if "display_name" in sent else None,
        bio=body.bio if "bio" in sent else None,
        avatar_image_id=ImageId(parse_id(avatar, "image", field="avatar_image_id")) if avatar is not None else None,
        remove_avatar="avatar_image_id" in sent and avatar is None,
        private=body.private if "private" in sent else None,
        follow_approval=body.follow_approval if "follow_approval" in sent else None,
        default_visibility=body.default_visibility if "default_visibility" in sent else None,
        sensitive_media=body.sensitive_media if "sensitive_media" in sent else None,
    )
