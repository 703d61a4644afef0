import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from fastapi import APIRouter, Request, Response

from container import Container
from domain.challenges import ChallengeExpired
from domain.decisions import AccountSuspended
from domain.errors import DomainError
from domain.passkeys import parse_passkey
from domain.rate_limits import PASSKEY_SIGN_IN
from domain.second_factors import FactorKind, SecondFactorRequired
from domain.terms import TermsNotAccepted
from domain.token_requests import IssuedToken, TokenRequest
from entrypoints.http.connection import site_of
from entrypoints.http.dependencies import ContainerDep
from entrypoints.http.rate_limiting import count_use
from entrypoints.web import cookies
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.resubmission import SentForm, render_sent_form
from entrypoints.web.routing import PageRoute
from entrypoints.web.sign_in_page import render_sign_in_page

router = APIRouter(prefix="/sign-in", route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class Step:
    """What the second step needs: the challenge, the kinds of factors, where the user wanted to go, and the version of
    the terms to accept."""

    challenge: str
    methods: Sequence[str]
    next_path: str
    sent: SentForm | None
    options: str = ""
    terms: int | None = None

    @classmethod
    def of_form(cls, form: Form) -> Self:
        known = {kind.value for kind in FactorKind}
        return cls(
            form.text("challenge"),
            [name for name in form.text("methods").split() if name in known],
            local_path(form.text("next")),
            SentForm.parse(form.text("sent_to"), form.text("sent")),
            terms=form.number("accepted_terms"),
        )

    @property
    def takes_code(self) -> bool:
        return any(method != FactorKind.PASSKEY for method in self.methods)


@router.post("/passkey")
async def begin_passkey(request: Request, container: ContainerDep) -> Response:
    """Begin a sign-in with a passkey alone."""
    await count_use(request, PASSKEY_SIGN_IN)
    form = form_of(request)
    offer = await container.second_step().offer_passkey(site_of(request))
    sent = SentForm.parse(form.text("sent_to"), form.text("sent"))
    step = Step(offer.challenge.secret, [FactorKind.PASSKEY], local_path(form.text("next")), sent)
    return await _render(request, container, step)


@router.post("/second-step")
async def finish(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    step = Step.of_form(form)
    try:
        issued = await _finish(request, container, form, TokenRequest(accepted_terms=step.terms))
    except ChallengeExpired:
        refusal = Refusal(422, "The sign-in took longer than five minutes. Enter your password again.")
        return await render_sign_in_page(request, refusal, next_path=step.next_path, sent=step.sent)
    except TermsNotAccepted as error:
        refusal = Refusal(422, f"The terms have changed: accept version {error.version}, and repeat this step.")
        return await _render(request, container, replace(step, terms=error.version), refusal)
    except AccountSuspended:
        raise
    except DomainError as error:
        return await _render(request, container, step, Refusal.of(request, error))
    return await end_sign_in(request, container, issued, step.next_path, step.sent)


async def _finish(request: Request, container: Container, form: Form, token_request: TokenRequest) -> IssuedToken:
    second_step, origin, challenge = container.second_step(), cookies.sign_in_origin(request), form.text("challenge")
    if "passkey" not in form:
        return await second_step.finish_with_code(challenge, form.text("second_factor"), origin, token_request)
    await count_use(request, PASSKEY_SIGN_IN)
    response = parse_passkey(form.text("passkey"))
    return await second_step.finish_with_passkey(challenge, response, site_of(request), origin, token_request)


async def render_second_step(
    request: Request, container: Container, required: SecondFactorRequired, next_path: str, sent: SentForm | None
) -> Response:
    """Ask for the second factor after a correct password."""
    step = Step(required.challenge.secret, [kind.value for kind in required.kinds], next_path, sent)
    return await _render(request, container, step)


async def _render(request: Request, container: Container, step: Step, refusal: Refusal = NO_REFUSAL) -> Response:
    options = json.dumps(container.second_step().sign_in_options(site_of(request), step.challenge))
    step = replace(step, options=options)
    if "passkey" in refusal.fields:
        refusal = Refusal(refusal.status, refusal.fields["passkey"])
    return await render_page(request, "second_step.html", refusal.status, step=step, refusal=refusal)


async def end_sign_in(
    request: Request, container: Container, issued: IssuedToken, next_path: str, sent: SentForm | None
) -> Response:
    """Return the response after a complete sign-in: a redirect, or the form that was submitted before."""
    if sent is None:
        response: Response = redirect_to(next_path)
    else:
        request.state.session = await container.signing_in().session(issued.secret)
        request.state.issued_secret = issued.secret
        response = await render_sent_form(request, sent, "You are signed in. Check the form, then send it.")
    cookies.sign_in(response, request, issued)
    return response
