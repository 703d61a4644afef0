from fastapi import APIRouter, Request, Response

from domain.email_links import LinkPurpose
from domain.rate_limits import USE_LINK
from entrypoints.http.dependencies import AnyViewer, ContainerDep
from entrypoints.http.rate_limiting import count_use
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/email-proofs", route_class=PageRoute)


@router.get("")
async def confirmed_page(request: Request) -> Response:
    return await render_page(request, "email_proof.html", link=None, approves=False)


@router.get("/{token}")
async def confirm_page(request: Request, token: str, container: ContainerDep, viewer: AnyViewer) -> Response:
    """The form that uses a link. Opening it has no effect, because programs open links in e-mails too."""
    link = await container.email_proofs().check(token, viewer)
    approves = link.purpose is LinkPurpose.APPROVAL
    return await render_page(request, "email_proof.html", link=link, approves=approves)


@router.post("/{token}")
async def confirm(request: Request, token: str, container: ContainerDep, viewer: AnyViewer) -> Response:
    await count_use(request, USE_LINK)
    await container.email_proofs().confirm(token, viewer)
    return redirect_to("/email-proofs")
