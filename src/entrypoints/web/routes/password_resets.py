from fastapi import APIRouter, Request, Response

from domain.email_links import LinkNotFound
from domain.errors import DomainError
from domain.rate_limits import RESET_PASSWORD, USE_LINK
from domain.users import validate_email
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/password-resets", route_class=PageRoute)


@router.get("")
async def request_page(request: Request) -> Response:
    return await _render_request(request)


@router.post("")
async def request_link(request: Request, container: ContainerDep) -> Response:
    """Request a link. The page is the same for every address."""
    typed = form_of(request).text("email")
    try:
        await count_use(request, RESET_PASSWORD)
        address = validate_email(typed)
        await count_recipient(request, address)
        await container.password_resets().request(address)
    except DomainError as error:
        return await _render_request(request, Refusal.of(request, error), typed)
    return redirect_to("/password-resets?step=sent")


@router.get("/{token}")
async def reset_page(request: Request, token: str, container: ContainerDep, viewer: Viewer) -> Response:
    try:
        await container.password_resets().check(token, viewer)
    except LinkNotFound as error:
        return await _render_request(request, Refusal.of(request, error))
    return await render_page(request, "new_password.html", refusal=NO_REFUSAL)


@router.post("/{token}")
async def reset(request: Request, token: str, container: ContainerDep, viewer: Viewer) -> Response:
    try:
        await count_use(request, USE_LINK)
        await container.password_resets().reset(token, form_of(request).text("password"), viewer)
    except LinkNotFound as error:
        return await _render_request(request, Refusal.of(request, error))
    except DomainError as error:
        refusal = Refusal.of(request, error)
        return await render_page(request, "new_password.html", refusal.status, refusal=refusal)
    return redirect_to("/password-resets?step=done")


async def _render_request(request: Request, refusal: Refusal = NO_REFUSAL, email: str = "") -> Response:
    step = request.query_params.get("step") if request.method == "GET" else None
    return await render_page(request, "password_reset.html", refusal.status, step=step, refusal=refusal, email=email)
