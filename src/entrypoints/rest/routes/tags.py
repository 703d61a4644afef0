from typing import Annotated, Literal

from fastapi import APIRouter, Query

from domain.links import tag_key
from domain.pages import Page
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import Tag, TaggedPost

router = APIRouter(prefix="/tags", tags=["tags"], route_class=Route)

RISING_SCOPE = "tags/rising"

Sort = Annotated[Literal["rising"], Query(description="used by more people today than in the week before")]


@router.get("", name="list", responses=problems(401))
async def list_tags(
    container: ContainerDep,
    _viewer: Viewer,
    list_request: ListQuery,
    sort: Sort = "rising",  # noqa: ARG001 — there is only one order so far
) -> ListOf[Tag]:
    """The rising tags, steepest rise first, at most a minute old. The list has one page."""
    found = await container.tagging().rising_tags(list_request.page(RISING_SCOPE).limit)
    return list_request.to_list(Page(tuple(found)), RISING_SCOPE, Tag.of)


@router.get("/{tag}/posts", responses=problems(401, 404))
async def list_posts(tag: str, container: ContainerDep, viewer: Viewer, list_request: ListQuery) -> ListOf[TaggedPost]:
    """Posts with a tag, typed by a user (`#dog`) or derived from an image; newest first."""
    scope = f"tags/{tag_key(tag)}"
    page = await container.tagging().posts(tag, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, TaggedPost.of)
