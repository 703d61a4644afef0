"""Mapping of PostgreSQL errors to domain errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

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
_CHANGED = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
_FULL = (asyncpg.DiskFullError, asyncpg.InsufficientResourcesError)


class DatabaseUnavailable(Unavailable):
    """The database cannot be used now. Nothing was acknowledged."""


def all_connections_in_use() -> DatabaseUnavailable:
    return DatabaseUnavailable("the database is busy: every connection is in use; try again shortly")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Map errors of the driver to domain errors. Other errors are internal errors and pass unchanged."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        if getattr(error, "constraint_name", None) in USER_CONSTRAINTS:
            raise UserNotFound from error
        if isinstance(error, _FULL):
            raise DatabaseUnavailable("the database has no room left; free disk space and try again") from error
        if isinstance(error, _CHANGED):
            raise DatabaseUnavailable("the schema of the database has just changed; try again") from error
        if isinstance(error, _BUSY):
            raise DatabaseUnavailable("the database is busy with the same rows; try again shortly") from error
        if isinstance(error, _UNREACHABLE):
            reason = str(error) or "no answer in time"
            operator_detail = f"{reason}; check that it runs, and where TINTYPE_DATABASE_URL says that it does"
            raise DatabaseUnavailable(
                "the database cannot be reached", retry_after=2, operator_detail=operator_detail
            ) from error
        raise
