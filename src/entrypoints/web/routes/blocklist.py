"""The page of moderators about known images."""

from fastapi import APIRouter, Request, Response

from container import Container
from domain.blocklist import HashKind, NewEntry
from domain.errors import DomainError, FieldError, Invalid
from domain.rate_limits import MODERATE
from entrypoints.http.dependencies import ContainerDep, EntryIdPath, ModeratorSession
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/moderation/blocklist", route_class=PageRoute)

PER_PAGE = 20
FIELDS = ("kind", "value", "reason", "source")


@router.get("")
async def blocklist(request: Request, container: ContainerDep, _session: ModeratorSession) -> Response:
    """The hashes of known images, and the form for another one."""
    return await _render(request, container, NO_REFUSAL)


@router.post("", dependencies=[rate_limit(MODERATE)])
async def add(request: Request, container: ContainerDep, session: ModeratorSession) -> Response:
    """Add a hash."""
    try:
        await container.blocklisting().add(session.moderator, [_new_entry(form_of(request))])
    except DomainError as error:
        return await _render(request, container, Refusal.of(request, error))
    return redirect_to("/moderation/blocklist")


@router.post("/{entry_id}/delete", dependencies=[rate_limit(MODERATE)])
async def delete(container: ContainerDep, session: ModeratorSession, entry_id: EntryIdPath) -> Response:
    """Delete an entry."""
    await container.blocklisting().delete(session.moderator, entry_id)
    return redirect_to("/moderation/blocklist")


async def _render(request: Request, container: Container, refusal: Refusal) -> Response:
    scope = "moderation/blocklist"
    page = await container.blocklisting().entries(page_request(request, scope, PER_PAGE))
    values = form_of(request) if request.method == "POST" else None
    return await render_page(
        request,
        "blocklist.html",
        refusal.status,
        entries=list_page(request, page, scope),
        kinds=tuple(HashKind),
        inputs={name: values.text(name) if values else "" for name in FIELDS},
        refusal=refusal,
    )


def _new_entry(form: Form) -> NewEntry:
    """Return the entry of a form. Raises `Invalid`."""
    kind = next((kind for kind in HashKind if kind == form.text("kind")), None)
    if kind is None:
        raise Invalid.of(FieldError("kind", "missing", "is missing; choose one"))
    return NewEntry(kind, form.text("value"), form.text("reason"), form.text("source"))
