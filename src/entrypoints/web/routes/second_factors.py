import json
from typing import Any

import segno
from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError
from domain.ids import FactorId
from domain.pages import PageRequest
from domain.passkeys import parse_passkey
from domain.rate_limits import CHANGE_FACTORS
from domain.second_factors import FactorKind
from domain.tokens import ConfirmationRequired, Session, is_confirmed
from entrypoints.http.connection import site_of
from entrypoints.http.dependencies import ContainerDep, CurrentSession, parse_id
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

PATH = "/settings/second-factors"
router = APIRouter(prefix=PATH, route_class=PageRoute)

LABELS = {
    FactorKind.TOTP: "authenticator app",
    FactorKind.PASSKEY: "passkey",
    FactorKind.RECOVERY_CODES: "recovery codes",
}
SAVED_MESSAGES = {
    "added": "The second factor has been added.",
    "removed": "The second factor has been removed.",
    "linked": "The account has been linked.",
    "unlinked": "The account is no longer linked.",
}
_LIMIT = [rate_limit(CHANGE_FACTORS)]


@router.get("")
async def second_factors(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """The second factors of the user's own account."""
    saved = SAVED_MESSAGES.get(request.query_params.get("saved", ""))
    return await _render(request, container, session, saved=saved)


@router.post("/confirm")
async def confirm(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    try:
        await container.signing_in().confirm_session(session, form_of(request).text("current"))
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    return redirect_to(PATH)


@router.post("/totp", dependencies=_LIMIT)
async def begin_totp(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    try:
        offer = await container.factor_enrolment().begin_totp(session, site_of(request))
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    image = segno.make(offer.uri, micro=False).svg_data_uri(scale=4, border=4, light="white")
    totp = _totp(offer.challenge.secret, "Authenticator app", secret=offer.secret, uri=offer.uri, qr=image)
    return await _render(request, container, session, totp=totp)


@router.post("/totp/add", dependencies=_LIMIT)
async def add_totp(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    challenge, name = form.text("challenge"), form.text("name")
    try:
        await container.factor_enrolment().add_totp(session, challenge, form.text("code"), name)
    except DomainError as error:
        # The key is not shown again: the app has it.
        refusal = _refusal(request, error)
        return await _render(request, container, session, refusal, totp=_totp(challenge, name))
    return redirect_to(f"{PATH}?saved=added")


@router.post("/passkey", dependencies=_LIMIT)
async def begin_passkey(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    try:
        offer = await container.factor_enrolment().begin_passkey(session, site_of(request))
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    passkey = {"challenge": offer.challenge.secret, "options": json.dumps(offer.options)}
    return await _render(request, container, session, passkey=passkey)


@router.post("/passkey/add", dependencies=_LIMIT)
async def add_passkey(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    try:
        response = parse_passkey(form.text("passkey"))
        await container.factor_enrolment().add_passkey(
            session, form.text("challenge"), response, form.text("name"), site_of(request)
        )
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    return redirect_to(f"{PATH}?saved=added")


@router.post("/recovery-codes", dependencies=_LIMIT)
async def add_recovery_codes(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    try:
        _, codes = await container.factor_enrolment().add_recovery_codes(session)
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    return await _render(request, container, session, codes=codes)


@router.post("/remove", dependencies=_LIMIT)
async def remove(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    try:
        factor_id = FactorId(parse_id(form_of(request).text("factor_id"), "second factor"))
        await container.factor_enrolment().remove(session, factor_id)
    except DomainError as error:
        return await _render(request, container, session, _refusal(request, error))
    return redirect_to(f"{PATH}?saved=removed")


def _refusal(request: Request, error: DomainError) -> Refusal:
    refusal = Refusal.of(request, error)
    if isinstance(error, ConfirmationRequired):
        return Refusal(refusal.status, "Confirm your password first.")
    if "passkey" in refusal.fields:  # its field is hidden
        return Refusal(refusal.status, refusal.fields["passkey"])
    return refusal


def _totp(challenge: str, name: str, **shown: str) -> dict[str, str]:
    return {"challenge": challenge, "name": name, "secret": "", "uri": "", "qr": "", **shown}


async def _render(
    request: Request, container: Container, session: Session, refusal: Refusal = NO_REFUSAL, **values: Any
) -> Response:
    page = await container.factor_enrolment().factors(session.user_id, PageRequest(100))
    defaults: dict[str, Any] = {
        "factors": page.items,
        "identities": (await container.provider_sign_in().identities(session.user_id, PageRequest(100))).items,
        "labels": LABELS,
        "confirmed": is_confirmed(session, container.clock().now()),
        "withheld": session.withheld,
        "refusal": refusal,
        **dict.fromkeys(("saved", "codes", "totp", "passkey")),
    }
    return await render_page(request, "second_factors.html", refusal.status, **{**defaults, **values})
