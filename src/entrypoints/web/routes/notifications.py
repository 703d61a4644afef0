from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from domain.ids import NotificationId
from domain.pages import PageRequest
from entrypoints.rest.dependencies import ContainerDep, SignedIn, parse_id
from entrypoints.web.forms import form_of
from entrypoints.web.lists import asked, listed
from entrypoints.web.redirects import see
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/notifications", route_class=PageRoute)

REQUESTS_SHOWN = 20


@router.get("")
async def notifications(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    """What others did, and who asks to follow."""
    scope = f"notifications/{session.user_id}"
    found = await container.notifying().notifications(session.user_id, asked(request, scope, 20))
    asking = await container.following().requests(session.user_id, PageRequest(REQUESTS_SHOWN))
    return await page(request, "notifications.html", told=listed(request, found, scope), asking=asking.items)


@router.post("/read")
async def read(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    up_to = NotificationId(parse_id(form_of(request).text("up_to"), "notification"))
    await container.notifying().mark_read(session.user_id, up_to)
    return Response(status_code=HTTPStatus.NO_CONTENT) if is_partial(request) else see("/notifications")


@router.get("/bell")
async def bell(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    """The number beside the bell."""
    return bare(request, "parts/bell.html", unread=await container.notifying().unread_count(session.user_id))
