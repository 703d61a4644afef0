from typing import Annotated, Literal

from fastapi import APIRouter, Query

from domain.links import tag_key
from domain.pages import Page
from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import TaggedOut, TagOut
from entrypoints.rest.schemas.problems import problems

router = APIRouter(prefix="/tags", tags=["tags"], route_class=Route)

RISING = "tags/rising"

Sort = Annotated[Literal["rising"], Query(description="used by more people today than in the week before")]


@router.get("", responses=problems(401))
async def tags(container: ContainerDep, _viewer: Viewer, listed: ListQuery, sort: Sort = "rising") -> ListOf[TagOut]:  # noqa: ARG001
    """The tags rising now, the steepest first, at most a minute old; the whole list in one page."""
    found = await container.tagging().rising(listed.page(RISING).limit)
    return listed.answer(Page(tuple(found)), RISING, TagOut.of)


@router.get("/{tag}/posts", responses=problems(401, 404))
async def posts(tag: str, container: ContainerDep, viewer: Viewer, listed: ListQuery) -> ListOf[TaggedOut]:
    """Posts with a tag, typed by a person (`#dog`) or read from a picture; newest first."""
    scope = f"tags/{tag_key(tag)}"
    page = await container.tagging().posts(tag, viewer, listed.page(scope))
    return listed.answer(page, scope, TaggedOut.of)
