"""One transaction of a service."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.blocks import Blocks, Mutes
from domain.comments import Comments
from domain.duplicates import Duplicates
from domain.follows import Follows
from domain.images import Images
from domain.jobs import Jobs
from domain.ledger import CaptionCache, Ledger
from domain.notifications import Notifications
from domain.posts import Posts
from domain.quotas import Quotas
from domain.search import SearchIndex
from domain.similarity import Embeddings
from domain.tokens import Tokens
from domain.understanding import Understandings
from domain.users import Users


class UnitOfWork(Protocol):
    """What happens between `begin` and `commit` happens wholly or not at all.

    Leaving the block without `commit` rolls back. After `commit` returns, the changes survive a power cut and every
    later read shows them. What was fetched with `get` is changed by nobody else until the block ends.
    """

    users: Users
    tokens: Tokens
    images: Images
    duplicates: Duplicates
    embeddings: Embeddings
    posts: Posts
    comments: Comments
    follows: Follows
    blocks: Blocks
    mutes: Mutes
    notifications: Notifications
    search_index: SearchIndex
    understandings: Understandings
    jobs: Jobs
    ledger: Ledger
    caption_cache: CaptionCache
    quotas: Quotas

    @abstractmethod
    async def commit(self) -> None:
        """Make it so, once; the unit of work has ended then. Raises `Unavailable` when the database is away, and then
        nothing was acknowledged."""

    @abstractmethod
    async def lock_blobs(self) -> None:
        """Keep the sweep from deleting any blob until this unit of work ends, so that bytes found or stored now are
        still there when the row that names them is committed. Many may hold at once."""


class UnitOfWorkFactory(Protocol):
    @abstractmethod
    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A new unit of work; any number may be open at once. Entering raises `Unavailable` when none can be had."""
