from fastapi import APIRouter

from domain.rate_limits import PUBLISH_TERMS
from domain.terms import NewTerms, TermsNotFound
from entrypoints.http.dependencies import AdminSession, ContainerDep
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.sign_ups import Terms, TermsCreate

router = APIRouter(prefix="/terms", tags=["terms"], route_class=Route)

MAX_DIGITS = 9


@router.get("", name="get", responses=problems(404))
async def get_current(container: ContainerDep) -> Terms:
    """The current terms of this server."""
    return Terms.of(await container.terms_publishing().read())


@router.get("/{version}", responses=problems(404))
async def get_version(version: str, container: ContainerDep) -> Terms:
    """A version of the terms. All versions are kept."""
    if not (version.isascii() and version.isdecimal() and len(version) <= MAX_DIGITS):
        raise TermsNotFound
    return Terms.of(await container.terms_publishing().read(int(version)))


@router.post("", status_code=201, responses=problems(400, 401, 403, 415, 429), dependencies=[rate_limit(PUBLISH_TERMS)])
async def create(body: TermsCreate, container: ContainerDep, session: AdminSession) -> Terms:
    """Publish the next version of the terms. Users are asked to accept it at their next sign-in."""
    return Terms.of(await container.terms_publishing().publish(NewTerms(body.text), session.moderator))
