from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, suppress
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from domain import notifications
from domain.errors import Unavailable
from domain.ids import NotificationId
from entrypoints.http.dependencies import ContainerDep, CurrentSession, parse_id
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.notifications import Notification, ReadPosition
from entrypoints.rest.streams import EventStream, Streams

HEARTBEAT_SECONDS = 25.0
"""Seconds without data after which an open stream sends a comment. Proxies close idle connections, often after 30 or 60
seconds."""

router = APIRouter(prefix="/notifications", tags=["notifications"], route_class=Route)

LastEventId = Annotated[str | None, Header(description="The last event received. Later ones are sent first.")]


@router.get("", name="list", responses=problems(401))
async def list_notifications(
    container: ContainerDep, session: CurrentSession, list_request: ListQuery
) -> ListOf[Notification]:
    """Follows, requests, likes and comments addressed to you, newest first."""
    scope = f"notifications/{session.user_id}"
    page = await container.notifying().list_notifications(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, Notification.of)


@router.post("/read", status_code=HTTPStatus.NO_CONTENT, responses=problems(400, 401, 404, 415))
async def mark_read(body: ReadPosition, container: ContainerDep, session: CurrentSession) -> None:
    """Mark notifications as read, up to one of them. Idempotent."""
    up_to = NotificationId(parse_id(body.up_to, "notification", field="up_to"))
    await container.notifying().mark_read(session.user_id, up_to)


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events."},
        **problems(401, 404, 429),
    },
)
async def stream(
    container: ContainerDep, session: CurrentSession, request: Request, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Notifications as they arrive: events `notification` with the JSON of the list's items. After a disconnect, a
    client that sends `Last-Event-ID` (as browsers do) misses nothing; it may receive one twice. A user may have five
    streams. A stream ends soon after its token was revoked or has expired, and after an hour."""
    after = NotificationId(parse_id(last_event_id, "notification")) if last_event_id else None
    streams: Streams = request.app.state.streams
    async with AsyncExitStack() as resources:
        opened = await resources.enter_async_context(streams.open_stream(session))
        live = container.notifying().stream(session.user_id, after, HEARTBEAT_SECONDS)
        await resources.enter_async_context(aclosing(live))
        await anext(live)  # clients may rely on the stream being open once they receive this
        return EventStream(_format_events(live), opened, resources.pop_all())


async def _format_events(live: AsyncIterator[notifications.Notification | None]) -> AsyncIterator[str]:
    yield ": hello\n\n"
    with suppress(Unavailable):  # the client reconnects and then receives the error
        async for notification in live:
            yield ": still here\n\n" if notification is None else _format_event(notification)


def _format_event(notification: notifications.Notification) -> str:
    data = msgspec.json.encode(Notification.of(notification)).decode()
    return f"id: {notification.id}\nevent: notification\ndata: {data}\n\n"
