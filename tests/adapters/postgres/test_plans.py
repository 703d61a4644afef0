"""Every list uses its index. The tests read the plans of the adapters' own statements and parameters."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from adapters.postgres.blocklist import PostgresBlocklist
from adapters.postgres.database import STATEMENT_TIMEOUT, Database
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.duplicates import PostgresDuplicates
from adapters.postgres.emails import PostgresEmails
from adapters.postgres.hash_keys import PLACES
from adapters.postgres.images import PostgresImages
from adapters.postgres.ranking_order import MAX_WALKED
from adapters.postgres.screenings import PostgresScreenings
from adapters.postgres.sensitivity_scores import PostgresSensitivityScores
from adapters.postgres.storage import PostgresStorage
from adapters.postgres.understandings import PostgresUnderstandings
from domain.blobs import BlobKey
from domain.blocklist import Entry, HashKind, ImageHashes
from domain.effects import Target, TargetKind
from domain.ids import CommentId, EntryId, ImageId, PostId, ReportGroupId, UserId
from domain.images import Size
from domain.pages import Page, PageRequest, Position
from domain.rankings import Window
from domain.roles import Role
from domain.storage import Storage
from domain.understanding import Task
from domain.vision import EMBEDDING_SIZE
from domain.vision.pdq import Pdq, pdq_orientations
from tests.adapters.postgres.filling import (
    BEGINNING,
    BUSY,
    POSTS,
    comment_id,
    fill,
    group_id,
    image_id,
    post_id,
    user_id,
)
from tests.contracts.harness import BOUNDS

LARGE = {
    "blocklist_entries",
    "pdq_hashes",
    "screenings",
    "sensitivity_scores",
    "search_documents",
    "post_tags",
    "notifications",
    "blocks",
    "mutes",
    "follow_requests",
    "ranking_parts",
    "posts",
    "likes",
    "follows",
    "comments",
    "images",
    "image_labels",
    "label_verdicts",
    "understandings",
    "users",
    "tokens",
    "second_factors",
    "challenges",
    "identities",
    "embeddings",
    "emails",
    "decisions",
    "report_groups",
    "reports",
    "audit_log",
}
A_FEW = 3_000
"""Rows that may be sorted: a page, one row per followed user, or the newest posts that a feed reads first. Never a
whole table."""

ME, OTHER = UserId(UUID(user_id(BUSY))), UserId(UUID(user_id(40)))
POST = PostId(UUID(post_id(BUSY)))
FIRST = PageRequest(20)
NOON = BEGINNING + timedelta(hours=12)
SOME = [ImageId(UUID(image_id(number))) for number in range(1, 51)]
NOW = BEGINNING + timedelta(minutes=POSTS + 1)
LATE = BEGINNING + timedelta(minutes=POSTS - 100) + timedelta(days=1)
BY_ID = PageRequest(20, Position(UUID(post_id(POSTS // 2))))
BY_TIME = PageRequest(20, Position(UUID(post_id(POSTS // 2)), NOON.timestamp()))
COMMENTED = PageRequest(20, Position(UUID(comment_id(POSTS // 2))))
GROUP = ReportGroupId(UUID(group_id(POSTS // 2)))
BY_GROUP = PageRequest(20, Position(GROUP))
FOLLOWED = PageRequest(20, Position(OTHER, NOON.timestamp()))

Ask = Callable[[Storage], Awaitable[Any]]

READS: dict[str, tuple[str, Ask]] = {
    "a post": ("posts_pkey", lambda storage: storage.post_reader.by_id(POST, ME)),
    "newest": ("posts_public_id_idx", lambda storage: storage.post_reader.newest(ME, FIRST)),
    "newest, later": ("posts_public_id_idx", lambda storage: storage.post_reader.newest(None, BY_ID)),
    "of an author": ("posts_author_id_id_idx", lambda storage: storage.post_reader.of_author(ME, OTHER, FIRST)),
    "of an author, later": ("posts_author_id_id_idx", lambda storage: storage.post_reader.of_author(ME, ME, BY_ID)),
    "of a rare author": (
        "posts_author_id_id_idx or posts_author_trending_idx",
        lambda storage: storage.post_reader.of_author(OTHER, None, FIRST),
    ),
    "liked": ("likes_of_user_idx", lambda storage: storage.post_reader.liked_by(ME, OTHER, FIRST)),
    "liked, later": ("likes_of_user_idx", lambda storage: storage.post_reader.liked_by(ME, None, BY_TIME)),
    "home": ("posts_author_id_id_idx", lambda storage: storage.post_reader.home(ME, FIRST)),
    "home, later": ("posts_author_id_id_idx", lambda storage: storage.post_reader.home(OTHER, BY_ID)),
    "most liked": (
        "posts_most_liked_idx",
        lambda storage: storage.ranking_reader.most_liked(ME, Window.ALL, NOW, FIRST),
    ),
    "most liked of late": (
        "posts_trending_idx",
        lambda storage: storage.ranking_reader.most_liked(ME, Window.DAY, LATE, FIRST),
    ),
    "trending": ("posts_trending_idx", lambda storage: storage.ranking_reader.trending(ME, NOW, FIRST)),
    "trending, its authors": (
        "posts_author_trending_idx",
        lambda storage: storage.ranking_reader.trending(ME, NOW, FIRST),
    ),
    "followers": ("follows_followers_idx", lambda storage: storage.user_reader.followers(ME, OTHER, FIRST)),
    "followers, later": ("follows_followers_idx", lambda storage: storage.user_reader.followers(ME, None, FOLLOWED)),
    "following": ("follows_following_idx", lambda storage: storage.user_reader.following(ME, OTHER, FIRST)),
    "following, later": ("follows_following_idx", lambda storage: storage.user_reader.following(ME, None, FOLLOWED)),
    "who liked": ("likes_of_post_idx", lambda storage: storage.user_reader.likers(POST, ME, FIRST)),
    "who liked, later": ("likes_of_post_idx", lambda storage: storage.user_reader.likers(POST, ME, FOLLOWED)),
    "everybody": ("users_pkey", lambda storage: storage.user_reader.all_users(FIRST)),
    "a name": (
        "users_username_key or users_username_idx",
        lambda storage: storage.user_reader.by_username("user_7", ME),
    ),
    "a login": ("users_held_email_idx", lambda storage: storage.user_reader.by_login("user_7@example.org")),
    "comments of an author": (
        "comments_author_id_id_idx",
        lambda storage: storage.comment_reader.of_author(ME, COMMENTED),
    ),
    "an image": ("images_pkey", lambda storage: storage.image_reader.by_id(ImageId(UUID(image_id(7))), OTHER)),
    "an image's file": (
        "images_pkey",
        lambda storage: storage.image_reader.file(ImageId(UUID(image_id(7))), Size.THUMB, ME),
    ),
    "uploads": ("images_owner_id_id_idx", lambda storage: storage.image_reader.of_owner(ME, FIRST)),
    "uploads, later": ("images_owner_id_id_idx", lambda storage: storage.image_reader.of_owner(ME, BY_ID)),
    "same bytes": (
        "images_owner_id_original_idx",
        lambda storage: storage.image_reader.by_original(ME, BlobKey.of(b"original100")),
    ),
    "similar": (
        "embeddings_embedding_idx",
        lambda storage: storage.similar_post_reader.of_image(ImageId(UUID(image_id(7))), OTHER, 20),
    ),
    "similar to a file": (
        "embeddings_embedding_idx",
        lambda storage: storage.similar_post_reader.of_embedding((0.5,) * EMBEDDING_SIZE, "m@1", None, 20),
    ),
    "comments": ("comments_post_id_id_idx", lambda storage: storage.comment_reader.of_post(POST, ME, FIRST)),
    "comments, later": (
        "comments_post_id_id_idx",
        lambda storage: storage.comment_reader.of_post(POST, None, COMMENTED),
    ),
    "a comment": ("comments_pkey", lambda storage: storage.comment_reader.by_id(CommentId(UUID(comment_id(7))), ME)),
    "notifications": ("notifications_user_id_id_idx", lambda storage: storage.notification_reader.unread_count(OTHER)),
    "words": ("search_documents_words_idx", lambda storage: storage.search_reader.posts(["word7"], ME, FIRST)),
    "words, their posts": ("posts_pkey", lambda storage: storage.search_reader.posts(["word7"], ME, FIRST)),
    "unindexed": ("posts_pkey", lambda storage: storage.search_reader.unindexed_posts(None, 20)),
    "unindexed, their documents": (
        "search_documents_pkey",
        lambda storage: storage.search_reader.unindexed_posts(POST, 20),
    ),
    "unindexed people": ("users_pkey", lambda storage: storage.search_reader.unindexed_people(None, 20)),
    "a tag": ("post_tags_pkey", lambda storage: storage.tag_reader.posts("tag7", ME, FIRST)),
    "a tag, later": ("post_tags_pkey", lambda storage: storage.tag_reader.posts("tag7", None, BY_ID)),
    "counts of tags": ("post_tags_pkey", lambda storage: storage.tag_reader.counts(["tag7", "tag8"])),
    "people": (
        "users_username_idx or users_username_key",
        lambda storage: storage.search_reader.people("user_77", ME, 10),
    ),
    "people, by display": ("users_folded_name_idx", lambda storage: storage.search_reader.people("user_77", ME, 10)),
    "requests": ("follow_requests_followee_idx", lambda storage: storage.user_reader.requesters(OTHER, FIRST)),
    "requests, later": (
        "follow_requests_followee_idx",
        lambda storage: storage.user_reader.requesters(OTHER, FOLLOWED),
    ),
    "blocks": ("blocks_blocker_idx", lambda storage: storage.user_reader.blocked_by(OTHER, FIRST)),
    "mutes": ("mutes_muter_idx", lambda storage: storage.user_reader.muted_by(OTHER, FIRST)),
    "pending": ("users_pending_idx", lambda storage: storage.user_reader.pending(FIRST)),
    "pending, later": ("users_pending_idx", lambda storage: storage.user_reader.pending(BY_ID)),
    "a token": ("tokens_hash_key", lambda storage: storage.token_reader.by_hash("hash 7")),
    "tokens": ("tokens_user_id_id_idx", lambda storage: storage.token_reader.of_user(OTHER, NOON, FIRST)),
    "second factors": (
        "second_factors_user_id_id_idx",
        lambda storage: storage.second_factor_reader.of_user(OTHER, FIRST),
    ),
    "identities": (
        "identities_user_id_id_idx",
        lambda storage: storage.identity_reader.of_user(OTHER, FIRST),
    ),
    "decisions about a user": (
        "decisions_user_id_id_idx",
        lambda storage: storage.decision_reader.about(OTHER, FIRST),
    ),
    "a decision in force": (
        "decisions_target_id_idx",
        lambda storage: storage.decision_reader.in_force(Target(TargetKind.POST, POST)),
    ),
    "open appeals": ("decisions_appealed_idx", lambda storage: storage.decision_reader.appealed(FIRST)),
    "open appeals, later": ("decisions_appealed_idx", lambda storage: storage.decision_reader.appealed(BY_GROUP)),
    "moderators": ("users_role_idx", lambda storage: storage.decision_reader.moderators_of(Role.USER, ME)),
    "open reports": ("report_groups_open_idx", lambda storage: storage.report_reader.open_groups(FIRST)),
    "open reports, later": ("report_groups_open_idx", lambda storage: storage.report_reader.open_groups(BY_GROUP)),
    "a group of reports": ("report_groups_pkey", lambda storage: storage.report_reader.group(GROUP)),
    "reports of a group": ("reports_group_id_id_idx", lambda storage: storage.report_reader.of_group(GROUP, FIRST)),
    "audit log": ("audit_log_pkey", lambda storage: storage.audit_log_reader.entries(FIRST)),
    "audit log, later": ("audit_log_pkey", lambda storage: storage.audit_log_reader.entries(BY_GROUP)),
    "blobs": (
        "images_original_id_idx",
        lambda storage: storage.unreferenced_blobs.register([BlobKey.of(b"original7")], NOON),
    ),
    "blobs, expired": (
        "orphan_blobs_noted_at_idx",
        lambda storage: storage.unreferenced_blobs.claim_expired(NOON, 100),
    ),
    "blobs, referenced": ("images_pkey", lambda storage: storage.referenced_blob_reader.page(None, 100)),
}


class ExplainingConnection:
    """A connection that shows the plan of each statement before it runs the statement."""

    def __init__(self, connection: Any, plans: list[Any], *, kept: bool) -> None:
        self._connection = connection
        self._plans = plans
        self._kept = kept

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def plan_and_run(statement: str, *arguments: Any, **options: Any) -> Any:
            plan = await (self._kept_plan(statement) if self._kept else self._plan(statement, *arguments))
            self._plans.append(json.loads(plan) if isinstance(plan, str) else plan)
            return await getattr(self._connection, name)(statement, *arguments, **options)

        return plan_and_run

    async def _plan(self, statement: str, *arguments: Any) -> Any:
        return await self._connection.fetchval(f"explain (format json) {statement}", *arguments)

    async def _kept_plan(self, statement: str) -> Any:
        """Return the plan for any parameters. Their values do not matter to it."""
        parameters = len((await self._connection.prepare(statement)).get_parameters())
        call = f"execute explained({', '.join(['null'] * parameters)})" if parameters else "execute explained"
        await self._connection.execute(f"prepare explained as {statement}")
        try:
            return await self._connection.fetchval(f"explain (format json) {call}")
        finally:
            await self._connection.execute("deallocate explained")


class ExplainingDatabase(Database):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.plans: list[Any] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        async with super().connection() as connection:
            yield ExplainingConnection(connection, self.plans, kept=True)

    @asynccontextmanager
    async def planning_connection(self, milliseconds: int = STATEMENT_TIMEOUT) -> AsyncIterator[Any]:
        async with super().planning_connection(milliseconds) as connection:
            yield ExplainingConnection(connection, self.plans, kept=False)


@pytest.fixture(scope="module")
def filled_url(database_url: str) -> str:
    fill(database_url)
    return database_url


@pytest.fixture
async def database(filled_url: str) -> AsyncIterator[ExplainingDatabase]:
    database = ExplainingDatabase(filled_url)
    yield database
    await database.close()


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    if isinstance(plan, dict):
        if "Node Type" in plan:
            yield plan
        plan = list(plan.values())
    if isinstance(plan, list):
        for part in plan:
            yield from nodes(part)


@pytest.mark.parametrize("name", READS)
async def test_read_uses_its_index(database: ExplainingDatabase, name: str) -> None:
    index, ask = READS[name]

    await ask(PostgresStorage(database, BOUNDS))

    steps = list(nodes(database.plans))
    assert {*index.split(" or ")} & {step.get("Index Name") for step in steps}
    for step in steps:
        assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE), step
        assert not ("Sort" in step["Node Type"] and step["Plan Rows"] > A_FEW), step


async def test_pending_images_are_counted_along_their_indexes(database: ExplainingDatabase) -> None:
    await PostgresStorage(database, BOUNDS).similar_post_reader.of_embedding((0.5,) * EMBEDDING_SIZE, "m@1", None, 20)

    _, pending = database.plans
    used = {step.get("Index Name") for step in nodes(pending)}
    assert used >= {"understandings_due_idx", "understandings_task_model_idx"}


@pytest.mark.parametrize("page", [FIRST, BY_ID])
async def test_notifications_run_along_their_index(database: ExplainingDatabase, page: PageRequest) -> None:
    await PostgresStorage(database, BOUNDS).notification_reader.of_user(ME, page)

    told, people = database.plans
    assert "notifications_user_id_id_idx" in {step.get("Index Name") for step in nodes(told)}
    assert "users_pkey" in {step.get("Index Name") for step in nodes(people)}
    for step in nodes(told):
        assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE), step


# Beginnings of names: where an owner has few images, or few rows are open, the planner has two good indexes.
WRITES: dict[str, tuple[set[str], Callable[[Any], Awaitable[Any]]]] = {
    "batch of rows": (
        {"understandings_pkey"},
        lambda connection: PostgresUnderstandings(connection).get_all(Task.CLASSIFICATION, SOME),
    ),
    "outstanding": (
        {"understandings"},
        lambda connection: PostgresUnderstandings(connection).find_outstanding(
            Task.CLASSIFICATION, "m@1", NOW, SOME[0], 50
        ),
    ),
    "batch of waiting rows": (
        {"understandings"},
        lambda connection: PostgresUnderstandings(connection).get_waiting(Task.CAPTION, SOME),
    ),
    "due": (
        {"understandings_due_idx", "images_pkey"},
        lambda connection: PostgresUnderstandings(connection).find_due(NOW, 50),
    ),
    "waiting": (
        {"images_owner_id", "understandings"},
        lambda connection: PostgresUnderstandings(connection).waiting_count(ME, NOW),
    ),
    "e-mails": ({"emails_due_idx"}, lambda connection: PostgresEmails(connection).find_due(NOW, 50)),
    "newest e-mails": ({"emails_pkey"}, lambda connection: PostgresEmails(connection).recent(50)),
    "unposted": (
        {"images_unposted_idx"},
        lambda connection: PostgresImages(connection).delete_unposted(NOW, 100),
    ),
}


@pytest.mark.parametrize("name", WRITES)
async def test_queue_positions_and_sweeps_use_their_indexes(database: ExplainingDatabase, name: str) -> None:
    indexes, ask = WRITES[name]

    async with database.transaction() as transaction:
        await ask(ExplainingConnection(transaction.connection, database.plans, kept=False))

    steps = [step for plan in database.plans for step in nodes(plan)]
    for beginning in indexes:
        assert any(step.get("Index Name", "").startswith(beginning) for step in steps), beginning
    for step in steps:
        assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE), step


async def test_batch_of_images_is_read_by_ids(database: ExplainingDatabase) -> None:
    async with database.transaction() as transaction:
        connection: Any = ExplainingConnection(transaction.connection, database.plans, kept=False)
        connection.execute = transaction.connection.execute
        assert len(await PostgresImages(connection).get_all(SOME)) == len(SOME)

    steps = [step for plan in database.plans for step in nodes(plan)]
    assert {"images_pkey", "posts_pkey"} <= {step.get("Index Name") for step in steps}
    assert not [step for step in steps if step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE]


async def test_duplicates_are_looked_up_quarter_by_quarter(database: ExplainingDatabase) -> None:
    async with database.connection() as connection:
        await PostgresDuplicates(connection).find(ME, BlobKey.of(b"original7"), 2**63 + 12345)

    (plan,) = database.plans
    steps = list(nodes(plan))
    used = {step.get("Index Name") for step in steps}
    assert {"images_original_id_idx", *(f"images_fingerprint_{quarter}_idx" for quarter in range(1, 5))} <= used
    assert not [step for step in steps if step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE]


async def test_known_images_are_found_by_indexes(database: ExplainingDatabase) -> None:
    hashes = ImageHashes((BlobKey.of(b"original7"),), 2**63 + 12345, pdq_orientations(Pdq(2**255 + 12345)))
    entries = [
        Entry(EntryId(ME), kind, f"{12345:0{kind.digits}x}", "", "", "", BEGINNING)
        for kind in (HashKind.SHA256, HashKind.PERCEPTUAL, HashKind.PDQ)
    ]
    async with database.transaction() as transaction:
        connection: Any = ExplainingConnection(transaction.connection, database.plans, kept=False)
        connection.execute = transaction.connection.execute
        blocklist = PostgresBlocklist(connection)
        await blocklist.find_match(hashes)
        await blocklist.find_unapplied(10)
        for entry in entries:
            await blocklist.find_images(entry, None, 10)
        await PostgresScreenings(connection).find_due(NOW, 10)
        await PostgresDecisions(connection).released_at(Target(TargetKind.IMAGE, ME))
    await PostgresStorage(database, BOUNDS).blocklist_reader.entries(BY_ID)

    steps = list(nodes(database.plans))
    assert {
        "blocklist_entries_kind_value_key",
        *(f"blocklist_entries_key_{place}_idx" for place in PLACES),
        "blocklist_entries_unapplied_idx",
        "blocklist_entries_pkey",
        "images_original_id_idx",
        *(f"images_fingerprint_{quarter}_idx" for quarter in range(1, 5)),
        *(f"pdq_hashes_key_{place}_idx" for place in PLACES),
        "screenings_next_attempt_at_idx",
        "decisions_released_idx",
    } <= {step.get("Index Name") for step in steps}
    for step in steps:
        assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE), step


async def test_sensitivity_scores_are_found_by_indexes(database: ExplainingDatabase) -> None:
    ids = [ImageId(UUID(image_id(number))) for number in range(1, 11)]
    async with database.transaction() as transaction:
        connection: Any = ExplainingConnection(transaction.connection, database.plans, kept=False)
        scores = PostgresSensitivityScores(connection)
        await scores.find_due(NOW, 10)
        await scores.get(ids[0])
        await scores.is_any_sensitive(ids)
    reader = PostgresStorage(database, BOUNDS).sensitivity_score_reader
    await reader.answered(BY_ID)
    await reader.of_images(ids, ME)

    steps = list(nodes(database.plans))
    assert {
        "sensitivity_scores_next_attempt_at_idx",
        "sensitivity_scores_answered_idx",
        "sensitivity_scores_pkey",
    } <= {step.get("Index Name") for step in steps}
    for step in steps:
        assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE), step


async def test_page_is_one_statement_for_any_number_of_posts(database: ExplainingDatabase) -> None:
    page = await PostgresStorage(database, BOUNDS).post_reader.home(ME, FIRST)

    assert len(page.items) == FIRST.limit
    assert len(database.plans) == 1


RANKINGS: dict[str, tuple[set[str], Callable[[Storage, PageRequest], Awaitable[Page[Any]]]]] = {
    "most liked": (
        {"posts_most_liked_idx"},
        lambda storage, page: storage.ranking_reader.most_liked(ME, Window.ALL, NOW, page),
    ),
    "most liked of late": (
        {"posts_trending_idx"},
        lambda storage, page: storage.ranking_reader.most_liked(ME, Window.DAY, LATE, page),
    ),
    "trending": (
        {"posts_trending_idx", "posts_author_trending_idx"},
        lambda storage, page: storage.ranking_reader.trending(ME, NOW, page),
    ),
}


@pytest.mark.parametrize("name", RANKINGS)
async def test_part_of_snapshot_is_computed_once_and_then_read_by_index(
    database: ExplainingDatabase, name: str
) -> None:
    indexes, ask = RANKINGS[name]
    storage = PostgresStorage(database)
    first = await ask(storage, FIRST)
    database.plans.clear()

    second = await ask(storage, PageRequest(20, first.next))

    found, computed, _, listed = (list(nodes(plan)) for plan in database.plans)
    assert {*indexes, "likes_created_at_idx"} <= {step.get("Index Name") for step in computed}
    # The next posts of all time, in which a window is searched first, are most of this small database.
    scanned = {"posts"} if MAX_WALKED > POSTS // 2 and name == "most liked of late" else set()
    for steps in (found, computed, listed):
        for step in steps:
            assert not (step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE - scanned), step
    assert "ranking_parts_pkey" in {step.get("Index Name") for step in found}
    assert "posts_pkey" in {step.get("Index Name") for step in listed}
    database.plans.clear()
    await ask(storage, PageRequest(20, second.next))
    assert len(database.plans) == 2
