"""The contracts of reports, decisions and the audit log."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.appeals import Appeal, Outcome
from domain.audit_log import Action, LogEntry
from domain.decisions import Decision
from domain.effects import Effect, Target, TargetKind
from domain.ids import DecisionId, LogEntryId, NotificationId, PostId, ReportGroupId, ReportId, UserId
from domain.images import Size
from domain.notifications import NotificationEvent, NotificationKind
from domain.pages import PageRequest
from domain.posts import Post
from domain.rankings import Window
from domain.reports import Reason, Report
from domain.roles import Role
from domain.tokens import token_hash
from domain.users import User
from tests.contracts.harness import StorageHarness

PAST, FUTURE = datetime(2001, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
"""Before and after the time of every clock: that of the tests, and that of the database."""
PAGE = PageRequest(50)


def about(kind: TargetKind, row: Any) -> Target:
    return Target(kind, row.id)


async def decide(
    harness: StorageHarness,
    target: Target,
    user: User,
    effect: Effect,
    until: datetime | None = None,
    moderator: User | None = None,
) -> Decision:
    """A stored decision."""
    decision = Decision(
        DecisionId(harness.new_id()),
        target,
        user.id,
        moderator.id if moderator else None,
        "rule 1",
        "it breaks the rule",
        effect,
        until,
        harness.now(),
        in_force=effect.is_lasting,
    )
    async with harness.storage.begin() as uow:
        assert await uow.decisions.claim(target)
        await uow.decisions.add(decision)
        await uow.commit()
    return decision


class Listed:
    """Whether a post appears in the lists of a viewer."""

    def __init__(self, harness: StorageHarness, post: Post) -> None:
        self._storage = harness.storage
        self._post = post
        self._now = harness.now()

    async def in_discovery(self, viewer: UserId | None) -> list[bool]:
        """In the lists that mix authors: the newest, rankings, search, tags."""
        storage, now = self._storage, self._now
        pages: list[Any] = [
            await storage.post_reader.newest(viewer, PAGE),
            await storage.ranking_reader.most_liked(viewer, Window.ALL, now, PAGE),
            await storage.ranking_reader.most_liked(viewer, Window.YEAR, now, PAGE),
            await storage.ranking_reader.trending(viewer, now, PAGE),
            await storage.search_reader.posts(["owl"], viewer, PAGE),
            await storage.tag_reader.posts("owl", viewer, PAGE),
        ]
        return [self._post.id in {getattr(one, "view", one).post.id for one in page.items} for page in pages]

    async def by_id(self, viewer: UserId | None) -> bool:
        return await self._storage.post_reader.by_id(self._post.id, viewer) is not None

    async def at_home(self, viewer: UserId) -> bool:
        page = await self._storage.post_reader.home(viewer, PAGE)
        return self._post.id in {view.post.id for view in page.items}


class DecisionsContract:
    @pytest.mark.parametrize(
        ("effect", "until", "hidden"),
        [
            (Effect.HIDE, None, True),
            (Effect.HIDE, FUTURE, True),
            (Effect.HIDE, PAST, False),
            (Effect.NONE, None, False),
        ],
    )
    async def test_hidden_post_is_seen_by_author_and_moderators(
        self, harness: StorageHarness, effect: Effect, until: datetime | None, hidden: bool
    ) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        mia = await harness.add_user("mia", role=Role.MODERATOR)
        await harness.follow(bob, ada)
        post = await harness.add_post(ada, text="#owl")
        image = post.image_ids[0]
        comment = await harness.add_comment(post, bob)

        await decide(harness, about(TargetKind.POST, post), ada, effect, until)

        listed = Listed(harness, post)
        storage = harness.storage
        assert [await listed.by_id(who) for who in (None, bob.id, ada.id, mia.id)] == [not hidden] * 2 + [True] * 2
        for viewer in (None, ada.id, bob.id, mia.id):
            assert await listed.in_discovery(viewer) == [not hidden] * 6
        assert await listed.at_home(bob.id) is not hidden
        assert await listed.at_home(ada.id) is not hidden
        files = [await storage.image_reader.file(image, Size.THUMB, who) for who in (None, bob.id, ada.id, mia.id)]
        assert [file is not None for file in files] == [not hidden] * 2 + [True] * 2
        assert (await storage.comment_reader.by_id(comment.id, bob.id) is None) is hidden
        liked = await harness.like(post, bob)
        assert (liked is None) is hidden
        view = await storage.post_reader.by_id(post.id, ada.id)
        assert view is not None
        assert view.hidden is hidden
        assert len(view.images) == 1

    async def test_limited_post_is_left_out_where_posts_are_discovered(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.follow(bob, ada)
        post = await harness.add_post(ada, text="#owl")

        await decide(harness, about(TargetKind.POST, post), ada, Effect.LIMIT)

        listed = Listed(harness, post)
        assert await listed.in_discovery(bob.id) == [False] * 6
        assert await listed.by_id(None)
        assert await listed.at_home(bob.id)
        assert await harness.storage.tag_reader.counts(["owl"]) == [0]

    async def test_hidden_post_gives_its_place_in_trending_to_another_of_its_author(
        self, harness: StorageHarness
    ) -> None:
        ada = await harness.add_user("ada")
        older, newer = await harness.add_posts(ada, 2)
        await decide(harness, about(TargetKind.POST, newer), ada, Effect.HIDE)

        page = await harness.storage.ranking_reader.trending(None, harness.now(), PAGE)

        assert [one.view.post.id for one in page.items] == [older.id]

    async def test_post_marked_as_sensitive_until_the_end(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        posts = await harness.add_posts(ada, 2)
        await decide(harness, about(TargetKind.POST, posts[0]), ada, Effect.MARK_SENSITIVE)
        await decide(harness, about(TargetKind.POST, posts[1]), ada, Effect.MARK_SENSITIVE, PAST)

        views = [await harness.storage.post_reader.by_id(post.id, None) for post in posts]

        assert [view.is_sensitive for view in views if view] == [True, False]

    @pytest.mark.parametrize(("until", "suspended"), [(None, True), (PAST, False)])
    async def test_suspended_user_and_their_content_are_hidden(
        self, harness: StorageHarness, until: datetime | None, suspended: bool
    ) -> None:
        storage = harness.storage
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        mia = await harness.add_user("mia", role=Role.MODERATOR)
        await harness.follow(ada, bob)
        post, other = await harness.add_post(ada, text="#owl"), await harness.add_post(bob)
        comment = await harness.add_comment(other, ada)
        await harness.like(other, ada)
        await harness.add_token(ada, "secret")

        await decide(harness, about(TargetKind.USER, ada), ada, Effect.SUSPEND, until)

        assert await Listed(harness, post).in_discovery(bob.id) == [not suspended] * 6
        assert await Listed(harness, post).by_id(bob.id) is not suspended
        assert (await storage.token_reader.by_hash(token_hash("secret")) is None) is suspended
        found = [await storage.user_reader.by_username("ada", who) for who in (None, bob.id, mia.id, ada.id)]
        assert [one is not None for one in found] == [not suspended] * 2 + [True] * 2
        assert await storage.user_reader.account("ada") is not None
        for people in (
            await storage.user_reader.followers(bob.id, bob.id, PAGE),
            await storage.user_reader.likers(other.id, bob.id, PAGE),
        ):
            assert (not people.items) is suspended
        assert (not await storage.search_reader.people("ada", bob.id, 5)) is suspended
        heard = await storage.comment_reader.of_post(other.id, bob.id, PAGE)
        assert [view.comment.id for view in heard.items] == ([] if suspended else [comment.id])
        told = await storage.notification_reader.of_user(bob.id, PAGE)
        assert (not told.items) is suspended
        view = await storage.post_reader.by_id(other.id, bob.id)
        assert view is not None
        assert (view.post.like_count, view.post.comment_count) == (1, 1), "counts do not depend on decisions"

    async def test_new_content_of_limited_user_is_limited(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await decide(harness, about(TargetKind.USER, ada), ada, Effect.LIMIT)

        post = await harness.add_post(ada, text="#owl")

        assert await Listed(harness, post).in_discovery(None) == [False] * 6
        assert await Listed(harness, post).by_id(None)
        assert not await harness.storage.search_reader.people("ada", None, 5)

    async def test_hidden_image_is_left_out_of_its_post_and_of_bylines(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(2)]
        post = await harness.add_post(ada, *images)
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=images[0].id))
            await uow.commit()

        await decide(harness, about(TargetKind.IMAGE, images[0]), ada, Effect.HIDE)

        view, own = [await harness.storage.post_reader.by_id(post.id, who) for who in (None, ada.id)]
        assert view is not None
        assert own is not None
        assert [image.id for image in view.images] == [images[1].id]
        assert [image.id for image in own.images] == [image.id for image in images]
        assert view.author.avatar is None
        assert await harness.storage.image_reader.file(images[0].id, Size.THUMB, None) is None
        async with harness.storage.begin() as uow:
            assert await uow.decisions.has_visible_image(post.id)

    async def test_hidden_comment_is_seen_by_its_author_and_moderators(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        mia = await harness.add_user("mia", role=Role.ADMIN)
        post = await harness.add_post(ada)
        comment = await harness.add_comment(post, bob)
        notice, notices = NotificationId(harness.new_id()), harness.storage.notification_reader
        event = NotificationEvent(notice, ada.id, NotificationKind.COMMENT, bob.id, harness.now(), post.id, comment.id)
        async with harness.storage.begin() as uow:
            await uow.notifications.add(event)
            await uow.commit()
        assert await notices.unread_count(ada.id) == 1

        await decide(harness, about(TargetKind.COMMENT, comment), bob, Effect.HIDE)

        assert await notices.unread_count(ada.id) == 0
        assert (await notices.of_user(ada.id, PAGE)).items == ()
        reader = harness.storage.comment_reader
        seen = [await reader.by_id(comment.id, who) is not None for who in (None, ada.id, bob.id, mia.id)]
        assert seen == [False, False, True, True]

    async def test_decision_replaces_earlier_one(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        target = about(TargetKind.POST, post)
        first = await decide(harness, target, ada, Effect.HIDE)
        second = await decide(harness, target, ada, Effect.LIMIT)

        reader = harness.storage.decision_reader
        assert await Listed(harness, post).by_id(None)
        assert await reader.in_force(target) == second
        assert await reader.get(first.id) == replace(first, in_force=False)
        about_ada = await reader.about(ada.id, PAGE)
        assert [one.id for one in about_ada.items] == [second.id, first.id]

    async def test_dismissal_is_not_listed_for_the_user_and_ends_the_effect(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        hidden = await decide(harness, about(TargetKind.POST, post), ada, Effect.HIDE)

        await decide(harness, about(TargetKind.POST, post), ada, Effect.NONE)

        assert await Listed(harness, post).by_id(None)
        assert await harness.storage.decision_reader.in_force(about(TargetKind.POST, post)) is None
        listed = await harness.storage.decision_reader.about(ada.id, PAGE)
        assert [one.id for one in listed.items] == [hidden.id]

    async def test_suspension_and_hiding_end_separately(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post, other = await harness.add_posts(ada, 2)
        await decide(harness, about(TargetKind.POST, post), ada, Effect.HIDE)
        suspension = await decide(harness, about(TargetKind.USER, ada), ada, Effect.SUSPEND)

        async with harness.storage.begin() as uow:
            stored = await uow.decisions.get(suspension.id)
            assert stored is not None
            await uow.decisions.revert(stored)
            await uow.commit()

        assert not await Listed(harness, post).by_id(None)
        assert await Listed(harness, other).by_id(None)

    async def test_appeal_is_stored_and_listed_while_open(self, harness: StorageHarness) -> None:
        ada, mia = await harness.add_user("ada"), await harness.add_user("mia", role=Role.MODERATOR)
        post = await harness.add_post(ada)
        decision = await decide(harness, about(TargetKind.POST, post), ada, Effect.HIDE, moderator=mia)
        appeal = Appeal("please look again", harness.now())
        closed = appeal.close(Outcome.GRANTED, "you are right", mia.id, harness.now())

        await save_appeal(harness, decision, appeal)
        waiting = await harness.storage.decision_reader.appealed(PAGE)
        await save_appeal(harness, decision, closed)

        assert waiting.items == (replace(decision, appeal=appeal),)
        assert (await harness.storage.decision_reader.appealed(PAGE)).items == ()
        assert await harness.storage.decision_reader.get(decision.id) == replace(decision, appeal=closed)

    async def test_absent_target_is_reported(self, harness: StorageHarness) -> None:
        reader = harness.storage.decision_reader
        for kind in TargetKind:
            target = Target(kind, harness.new_id())
            async with harness.storage.begin() as uow:
                assert not await uow.decisions.claim(target)
            assert await reader.user_of(target) is None

    async def test_user_of_target_is_known(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        comment = await harness.add_comment(post, bob)
        reader = harness.storage.decision_reader

        assert await reader.user_of(about(TargetKind.POST, post)) == ada.id
        assert await reader.user_of(about(TargetKind.COMMENT, comment)) == bob.id
        assert await reader.user_of(Target(TargetKind.IMAGE, post.image_ids[0])) == ada.id
        assert await reader.user_of(about(TargetKind.USER, bob)) == bob.id
        assert await reader.post_of(post.image_ids[0]) == post.id

    async def test_moderators_who_may_decide_are_found(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")
        mia, eve = [await harness.add_user(name, role=Role.MODERATOR) for name in ("mia", "eve")]
        zoe = await harness.add_user("zoe", role=Role.ADMIN)
        reader = harness.storage.decision_reader

        assert set(await reader.moderators_of(Role.USER, mia.id)) == {eve.id, zoe.id}
        assert await reader.moderators_of(Role.MODERATOR, mia.id) == [zoe.id]
        await decide(harness, about(TargetKind.USER, eve), eve, Effect.SUSPEND)
        assert await reader.moderators_of(Role.USER, mia.id) == [zoe.id]


async def save_appeal(harness: StorageHarness, decision: Decision, appeal: Appeal) -> None:
    async with harness.storage.begin() as uow:
        await uow.decisions.save_appeal(decision.id, appeal)
        await uow.commit()


class ReportsContract:
    async def report(self, harness: StorageHarness, post: Post, reporter: User | None, reason: Reason) -> Report:
        report = Report(
            ReportId(harness.new_id()),
            about(TargetKind.POST, post),
            post.author_id,
            reporter.id if reporter else None,
            reason,
            "see there",
            harness.now(),
        )
        async with harness.storage.begin() as uow:
            stored = await uow.reports.add(report, ReportGroupId(harness.new_id()))
            await uow.commit()
        return stored

    async def test_reports_of_one_target_are_grouped(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post, other = await harness.add_posts(ada, 2)
        first = await self.report(harness, post, bob, Reason.SPAM)
        second = await self.report(harness, post, eve, Reason.SPAM)
        await self.report(harness, other, bob, Reason.HATE)
        third = await self.report(harness, post, None, Reason.REVIEW)

        reader = harness.storage.report_reader
        newest, oldest = (await reader.open_groups(PAGE)).items
        assert [newest.target.id, oldest.target.id] == [other.id, post.id]
        assert oldest.reports_count == 3
        assert dict(oldest.reasons) == {Reason.SPAM: 2, Reason.REVIEW: 1}
        assert (oldest.created_at, oldest.reported_at) == (first.created_at, third.created_at)
        assert (await reader.of_group(oldest.id, PAGE)).items == (third, second, first)
        assert await reader.group(oldest.id) == oldest

    async def test_second_report_of_a_user_returns_the_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        first = await self.report(harness, post, bob, Reason.SPAM)

        assert await self.report(harness, post, bob, Reason.HATE) == first
        (group,) = (await harness.storage.report_reader.open_groups(PAGE)).items
        assert group.reports_count == 1

    async def test_closed_group_leaves_the_queue_and_a_new_report_opens_another(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await self.report(harness, post, bob, Reason.SPAM)
        (closed,) = (await harness.storage.report_reader.open_groups(PAGE)).items
        async with harness.storage.begin() as uow:
            await uow.reports.close(closed.target, harness.now())
            await uow.commit()

        assert (await harness.storage.report_reader.open_groups(PAGE)).items == ()
        again = await self.report(harness, post, bob, Reason.SPAM)
        (opened,) = (await harness.storage.report_reader.open_groups(PAGE)).items
        assert opened.id != closed.id
        assert (await harness.storage.report_reader.of_group(opened.id, PAGE)).items == (again,)

    async def test_queue_is_paged(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = await harness.add_posts(ada, 3)
        for post in posts:
            await self.report(harness, post, bob, Reason.SPAM)

        reader = harness.storage.report_reader
        first = await reader.open_groups(PageRequest(2))
        second = await reader.open_groups(PageRequest(2, first.next))

        seen = [PostId(group.target.id) for group in (*first.items, *second.items)]
        assert seen == [post.id for post in reversed(posts)]
        assert second.next is None

    async def test_report_outlives_the_account_of_the_reporter(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        report = await self.report(harness, await harness.add_post(ada), bob, Reason.SPAM)

        await harness.delete_user(bob)

        (group,) = (await harness.storage.report_reader.open_groups(PAGE)).items
        assert (await harness.storage.report_reader.of_group(group.id, PAGE)).items == (
            replace(report, reporter_id=None),
        )


class AuditLogContract:
    async def test_entries_are_kept_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        target = about(TargetKind.USER, ada)
        entries = []
        for action in Action:
            details = {"reason": "because", "until": None}
            actor = None if action is Action.ROLE_CHANGE else ada.id
            entry = LogEntry(LogEntryId(harness.new_id()), harness.now(), actor, action, target, ada.id, details)
            async with harness.storage.begin() as uow:
                await uow.audit_log.add(entry)
                await uow.commit()
            entries.append(entry)
        await harness.delete_user(ada)

        first = await harness.storage.audit_log_reader.entries(PageRequest(len(Action) // 2 + 1))
        rest = await harness.storage.audit_log_reader.entries(PageRequest(len(Action) // 2 + 1, first.next))

        assert [*first.items, *rest.items] == entries[::-1]
