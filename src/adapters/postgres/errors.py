"""Mapping of PostgreSQL errors to domain errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Unavailable
from domain.users import UserNotFound

USER_CONSTRAINTS = {
    "images_owner_id_fkey",
    "daily_uploads_user_id_fkey",
    "posts_author_id_fkey",
    "comments_author_id_fkey",
    "tokens_user_id_fkey",
    "consents_user_id_fkey",
    "emails_user_id_fkey",
    "email_links_user_id_fkey",
    "email_changes_user_id_fkey",
    "challenges_user_id_fkey",
    "second_factors_user_id_fkey",
    "identities_user_id_fkey",
    "follows_follower_id_fkey",
    "follows_followee_id_fkey",
}
"""Constraints that are violated when a user's account is deleted during their request."""

_UNREACHABLE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # raised by a statement on a connection that is just being closed
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
_BUSY = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
_FULL = (asyncpg.DiskFullError, asyncpg.InsufficientResourcesError)


class DatabaseUnavailable(Unavailable):
    """The database cannot be used now. Nothing was acknowledged."""


def all_connections_in_use() -> DatabaseUnavailable:
    return DatabaseUnavailable("the database is busy: every connection is in use; try again shortly")


def violated_constraint(error: BaseException) -> str | None:
    """Return the name of the violated constraint."""
    return getattr(driver_error(error), "constraint_name", None)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Map errors of the driver and of SQLAlchemy to domain errors. Other errors are internal errors and pass
    unchanged."""
    try:
        yield
    except PoolTimeout as error:
        raise all_connections_in_use() from error
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        cause = driver_error(error)
        if getattr(cause, "constraint_name", None) in USER_CONSTRAINTS:
            raise UserNotFound from error
        if isinstance(cause, _FULL):
            raise DatabaseUnavailable("the database has no room left; free disk space and try again") from error
        if isinstance(cause, _BUSY):
            raise DatabaseUnavailable("the database is busy with the same rows; try again shortly") from error
        if isinstance(cause, _UNREACHABLE) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            operator_detail = f"{cause}; check that it runs, and where TINTYPE_DATABASE_URL says that it does"
            raise DatabaseUnavailable(
                "the database cannot be reached", retry_after=2, operator_detail=operator_detail
            ) from error
        raise


def driver_error(error: BaseException) -> BaseException:
    """Return asyncpg's error from the wrapper of SQLAlchemy's dialect."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
