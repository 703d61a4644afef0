from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from domain.ids import NotificationId
from domain.pages import PageRequest
from entrypoints.http.dependencies import ContainerDep, CurrentSession, parse_id
from entrypoints.web.forms import form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/notifications", route_class=PageRoute)

MAX_REQUESTS = 20


@router.get("")
async def notifications(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Notifications and follow requests."""
    scope = f"notifications/{session.user_id}"
    page = await container.notifying().list_notifications(session.user_id, page_request(request, scope, 20))
    requests = await container.following().requests(session.user_id, PageRequest(MAX_REQUESTS))
    return await render_page(
        request, "notifications.html", notifications=list_page(request, page, scope), follow_requests=requests.items
    )


@router.post("/read")
async def read(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    up_to = NotificationId(parse_id(form_of(request).text("up_to"), "notification"))
    await container.notifying().mark_read(session.user_id, up_to)
    return Response(status_code=HTTPStatus.NO_CONTENT) if is_partial(request) else redirect_to("/notifications")


@router.get("/count")
async def unread_badge(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """The number of unread notifications."""
    return render(request, "parts/unread_badge.html", unread=await container.notifying().unread_count(session.user_id))
