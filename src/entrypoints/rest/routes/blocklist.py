from http import HTTPStatus

from fastapi import APIRouter

from domain.ids import ImageId
from domain.rate_limits import MODERATE
from entrypoints.http.dependencies import ContainerDep, EntryIdPath, ModeratorSession, parse_id
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.blocklist import (
    BlocklistAddition,
    BlocklistEntry,
    BlocklistEntryCreate,
    BlocklistImageCreate,
)

router = APIRouter(prefix="/moderation", tags=["moderation"], route_class=Route)


@router.get("/blocklist", responses=problems(401, 403))
async def list_entries(
    _session: ModeratorSession, container: ContainerDep, list_request: ListQuery
) -> ListOf[BlocklistEntry]:
    """The hashes of known images, newest first."""
    page = await container.blocklisting().entries(list_request.page("moderation/blocklist"))
    return list_request.to_list(page, "moderation/blocklist", BlocklistEntry.of)


@router.post(
    "/blocklist", status_code=201, responses=problems(400, 401, 403, 409, 415, 429), dependencies=[rate_limit(MODERATE)]
)
async def add_entry(
    session: ModeratorSession, body: BlocklistEntryCreate, container: ContainerDep
) -> BlocklistAddition:
    """Add a hash. Matching uploads are quarantined from now on, and matching stored images soon."""
    return BlocklistAddition(added=await container.blocklisting().add(session.moderator, [body.to_entry()]))


@router.post(
    "/blocklist-images",
    status_code=201,
    responses=problems(400, 401, 403, 404, 409, 415, 429),
    dependencies=[rate_limit(MODERATE)],
)
async def add_image(
    session: ModeratorSession, body: BlocklistImageCreate, container: ContainerDep
) -> BlocklistAddition:
    """Add the hashes of an image. It is quarantined like all its copies."""
    image_id = ImageId(parse_id(body.image_id, "image", field="image_id"))
    added = await container.blocklisting().add_image(session.moderator, image_id, body.reason, body.source)
    return BlocklistAddition(added=added)


@router.delete(
    "/blocklist/{entry_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 429),
    dependencies=[rate_limit(MODERATE)],
)
async def delete_entry(session: ModeratorSession, entry_id: EntryIdPath, container: ContainerDep) -> None:
    """Delete an entry. Quarantined images stay so until a moderator decides about them."""
    await container.blocklisting().delete(session.moderator, entry_id)
