from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError
from domain.rate_limits import PUBLISH_TERMS
from domain.terms import NewTerms
from entrypoints.http.dependencies import AdminSession, ContainerDep
from entrypoints.http.rate_limiting import count_use
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/terms", route_class=PageRoute)


@router.get("")
async def terms(request: Request, container: ContainerDep) -> Response:
    """The current terms, and a form for admins."""
    return await _render_terms(request, container)


@router.post("")
async def publish(request: Request, container: ContainerDep, session: AdminSession) -> Response:
    text = form_of(request).text("text")
    try:
        new = NewTerms(text)
        await count_use(request, PUBLISH_TERMS)
    except DomainError as error:
        return await _render_terms(request, container, Refusal.of(request, error), text)
    await container.terms_publishing().publish(new, session.moderator)
    return redirect_to("/terms")


async def _render_terms(
    request: Request, container: Container, refusal: Refusal = NO_REFUSAL, text: str | None = None
) -> Response:
    found = await container.terms_publishing().current()
    text = text if text is not None else found.text if found else ""
    return await render_page(request, "terms.html", refusal.status, terms=found, text=text, refusal=refusal)
