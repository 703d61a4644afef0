import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from domain.ids import NotificationId
from domain.notifications import Notification
from entrypoints.rest.dependencies import ContainerDep, SignedIn, parse_id
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.notifications import NotificationOut, ReadBody
from entrypoints.rest.schemas.problems import problems

PATIENCE = 1.0
"""Seconds after which an open stream looks whether the server is about to stop."""
SIGN_OF_LIFE = 15.0
LONGEST = 600.0
"""Seconds of a stream; then the client opens it again, with a token that still signs in."""

router = APIRouter(prefix="/notifications", tags=["notifications"], route_class=Route)

LastEventId = Annotated[str | None, Header(description="Where the stream was left: what came since is sent first.")]


@router.get("", responses=problems(401))
async def notifications(container: ContainerDep, session: SignedIn, listed: ListQuery) -> ListOf[NotificationOut]:
    """Follows, requests, likes and comments addressed to you, newest first."""
    scope = f"notifications/{session.user_id}"
    page = await container.notifying().notifications(session.user_id, listed.page(scope))
    return listed.answer(page, scope, NotificationOut.of)


@router.post("/read", status_code=HTTPStatus.NO_CONTENT, responses=problems(400, 401, 404, 415))
async def read(body: ReadBody, container: ContainerDep, session: SignedIn) -> None:
    """Mark notifications as read, up to one of them; again changes nothing."""
    up_to = NotificationId(parse_id(body.up_to, "notification", field="up_to"))
    await container.notifying().mark_read(session.user_id, up_to)


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events."}, **problems(401, 404)},
)
async def stream(
    container: ContainerDep, session: SignedIn, request: Request, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Notifications as they come: events `notification` with the JSON of the list's items. After a break, a client that
    sends `Last-Event-ID` (as browsers do by themselves) misses nothing; it may see one twice."""
    after = NotificationId(parse_id(last_event_id, "notification")) if last_event_id else None
    live = container.notifying().live(session.user_id, after, PATIENCE)
    await anext(live)  # who reads that the stream is open may rely on it
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(live, request), media_type="text/event-stream", headers=headers)


async def _events(live: AsyncGenerator[Notification | None, None], request: Request) -> AsyncIterator[str]:
    begun = quiet = time.monotonic()
    yield ": hello\n\n"
    async with aclosing(live):
        async for notification in live:
            now = time.monotonic()
            if notification is not None:
                yield _event(notification)
                quiet = now
            elif now - quiet > SIGN_OF_LIFE:
                yield ": still here\n\n"
                quiet = now
            if now - begun > LONGEST or request.app.state.is_stopping():
                return


def _event(notification: Notification) -> str:
    data = NotificationOut.of(notification).model_dump_json()
    return f"id: {notification.id}\nevent: notification\ndata: {data}\n\n"
