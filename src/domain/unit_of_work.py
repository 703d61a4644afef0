"""The unit of work: one database transaction of a service."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.audit_log import AuditLog
from domain.blocklist import Blocklist
from domain.blocks import Blocks, Mutes
from domain.challenges import Challenges
from domain.comments import Comments
from domain.consent import Consents
from domain.decisions import Decisions
from domain.email_changes import EmailChanges
from domain.email_links import EmailLinks
from domain.emails import Emails
from domain.follows import Follows
from domain.identities import Identities
from domain.images import Images
from domain.invites import Invites
from domain.jobs import Jobs
from domain.ledger import CaptionCache, Ledger
from domain.notifications import Notifications
from domain.posts import Posts
from domain.quotas import Quotas
from domain.reports import Reports
from domain.screening import Screenings
from domain.search import SearchIndex
from domain.second_factors import SecondFactors
from domain.sensitive_media import SensitivityScores
from domain.similarity import Embeddings
from domain.terms import TermsVersions
from domain.tokens import Tokens
from domain.understanding import Understandings
from domain.users import Users
from domain.vision.duplicates import Duplicates


class UnitOfWork(Protocol):
    """All changes between `begin` and `commit` take effect, or none.

    Leaving the block without `commit` rolls back. After `commit` returns, the changes are durable and every later read
    shows them. Rows fetched with `get` cannot be changed by others until the block ends.
    """

    users: Users
    terms: TermsVersions
    tokens: Tokens
    emails: Emails
    email_links: EmailLinks
    email_changes: EmailChanges
    challenges: Challenges
    second_factors: SecondFactors
    identities: Identities
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
    invites: Invites
    jobs: Jobs
    ledger: Ledger
    caption_cache: CaptionCache
    quotas: Quotas
    consents: Consents
    reports: Reports
    decisions: Decisions
    audit_log: AuditLog
    blocklist: Blocklist
    screenings: Screenings
    sensitivity_scores: SensitivityScores

    @abstractmethod
    async def commit(self) -> None:
        """Commit and end the unit of work. May be called once. Raises `Unavailable` when the database is unreachable;
        nothing was acknowledged then."""


class UnitOfWorkFactory(Protocol):
    @abstractmethod
    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Return a new unit of work; any number may be open at once. Entering raises `Unavailable` when the database
        cannot provide one."""
