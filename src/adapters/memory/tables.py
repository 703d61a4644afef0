"""The rows, and the changes of rows that update counters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Self

from domain.audit_log import LogEntry
from domain.blocklist import Entry
from domain.captions import CaptionDraft
from domain.challenges import Challenge
from domain.clock import Clock
from domain.comments import Comment
from domain.consent import Consent
from domain.counters import CounterChange, count_comment, count_follow, count_like, count_post, undo
from domain.decisions import Decision
from domain.email_changes import EmailChange
from domain.email_links import EmailLink
from domain.emails import Email
from domain.identities import Identity
from domain.ids import (
    CallId,
    CommentId,
    DecisionId,
    EmailId,
    EntryId,
    FactorId,
    IdentityId,
    ImageId,
    InviteId,
    LogEntryId,
    NotificationId,
    PostId,
    ReportGroupId,
    ReportId,
    TokenId,
    UserId,
)
from domain.images import Image
from domain.invites import Invite
from domain.ledger import Call, CaptionKey
from domain.notifications import NotificationEvent, NotificationGroup
from domain.posts import Post
from domain.quotas import DailyUploads
from domain.reports import Report, ReportGroup
from domain.screening import PendingScreening
from domain.search import Document
from domain.second_factors import SecondFactor
from domain.sensitive_media import SensitivityScore
from domain.terms import Terms
from domain.tokens import Token
from domain.users import User
from domain.vision import Embedding, Label
from domain.vision.duplicates import Duplicate
from domain.vision.pdq import Pdq


@dataclass(slots=True)
class Tables:
    """The tables. Values are frozen, so copying the dictionaries copies everything. A post's `image_ids` are those
    attached. The clock decides which effects of decisions have ended."""

    clock: Clock
    users: dict[UserId, User] = field(default_factory=dict)
    reserved: dict[str, datetime] = field(default_factory=dict)
    tokens: dict[TokenId, Token] = field(default_factory=dict)
    emails: dict[EmailId, Email] = field(default_factory=dict)
    email_links: dict[str, EmailLink] = field(default_factory=dict)
    email_changes: dict[UserId, EmailChange] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    second_factors: dict[FactorId, SecondFactor] = field(default_factory=dict)
    identities: dict[IdentityId, Identity] = field(default_factory=dict)
    invites: dict[InviteId, Invite] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    images: dict[ImageId, Image] = field(default_factory=dict)
    posts: dict[PostId, Post] = field(default_factory=dict)
    comments: dict[CommentId, Comment] = field(default_factory=dict)
    follows: dict[tuple[UserId, UserId], datetime] = field(default_factory=dict)
    requests: dict[tuple[UserId, UserId], datetime] = field(default_factory=dict)
    blocks: dict[tuple[UserId, UserId], datetime] = field(default_factory=dict)
    mutes: dict[tuple[UserId, UserId], datetime] = field(default_factory=dict)
    documents: dict[PostId, Document] = field(default_factory=dict)
    notifications: dict[NotificationId, NotificationGroup] = field(default_factory=dict)
    read_up_to: dict[UserId, NotificationId] = field(default_factory=dict)
    likes: dict[tuple[PostId, UserId], datetime] = field(default_factory=dict)
    duplicates: dict[ImageId, tuple[Duplicate, ...]] = field(default_factory=dict)
    embeddings: dict[ImageId, tuple[str, Embedding]] = field(default_factory=dict)
    verdicts: dict[tuple[ImageId, str], Label] = field(default_factory=dict)
    calls: dict[CallId, Call] = field(default_factory=dict)
    caption_cache: dict[CaptionKey, CaptionDraft] = field(default_factory=dict)
    consents: dict[UserId, Consent] = field(default_factory=dict)
    daily_uploads: dict[tuple[UserId, date], DailyUploads] = field(default_factory=dict)
    report_groups: dict[ReportGroupId, ReportGroup] = field(default_factory=dict)
    closed_groups: dict[ReportGroupId, datetime] = field(default_factory=dict)
    reports: dict[ReportId, tuple[ReportGroupId, Report]] = field(default_factory=dict)
    decisions: dict[DecisionId, Decision] = field(default_factory=dict)
    audit_log: dict[LogEntryId, LogEntry] = field(default_factory=dict)
    blocklist: dict[EntryId, Entry] = field(default_factory=dict)
    pdq_hashes: dict[ImageId, Pdq | None] = field(default_factory=dict)
    screenings: dict[ImageId, PendingScreening] = field(default_factory=dict)
    sensitivity_scores: dict[ImageId, SensitivityScore] = field(default_factory=dict)

    def copy(self) -> Self:
        copied = {table.name: dict(getattr(self, table.name)) for table in fields(self) if table.name != "clock"}
        return type(self)(self.clock, **copied)

    def add_post(self, post: Post) -> None:
        self.posts[post.id] = replace(post, image_ids=())
        self._count(count_post(post.author_id))

    def attach(self, image_ids: Sequence[ImageId], post_id: PostId) -> None:
        post = self.posts[post_id]
        self.posts[post_id] = replace(post, image_ids=(*post.image_ids, *image_ids))
        for image_id in image_ids:
            self.images[image_id] = replace(self.images[image_id], post_id=post_id)

    def detach(self, image_id: ImageId) -> None:
        """Take an image out of its post."""
        image = self.images[image_id]
        if image.post_id is not None:
            post = self.posts[image.post_id]
            left = tuple(other for other in post.image_ids if other != image_id)
            self.posts[post.id] = replace(post, image_ids=left)
            self.images[image_id] = replace(image, post_id=None)

    def drop_post(self, post_id: PostId) -> None:
        post = self.posts.get(post_id)
        if post is None:
            return
        for image_id in post.image_ids:
            self.drop_image(image_id)
        for liked, user_id in [like for like in self.likes if like[0] == post_id]:
            self.drop_like(liked, user_id)
        for comment in [comment for comment in self.comments.values() if comment.post_id == post_id]:
            self.drop_comment(comment.id)
        del self.posts[post_id]
        self.documents.pop(post_id, None)
        self.delete_notifications(lambda event: event.post_id == post_id)
        self._count(undo(count_post(post.author_id)))

    def drop_image(self, image_id: ImageId) -> None:
        if image_id not in self.images:
            return
        self.detach(image_id)
        image = self.images.pop(image_id)
        self.duplicates.pop(image_id, None)
        self.embeddings.pop(image_id, None)
        self.pdq_hashes.pop(image_id, None)
        self.screenings.pop(image_id, None)
        self.sensitivity_scores.pop(image_id, None)
        for judged in [judged for judged in self.verdicts if judged[0] == image_id]:
            del self.verdicts[judged]
        owner = self.users[image.owner_id]
        if owner.avatar_image_id == image_id:
            self.users[owner.id] = replace(owner, avatar_image_id=None)

    def set_labels(self, image_id: ImageId, labels: Sequence[Label]) -> None:
        """Replace the labels of an image. Each gets the verdict on its key."""
        if image_id in self.images:
            verdicts = [self.verdicts.get((image_id, label.key)) for label in labels]
            judged = (replace(it, verdict=by.verdict if by else None) for it, by in zip(labels, verdicts, strict=True))
            self.images[image_id] = replace(self.images[image_id], labels=tuple(judged))

    def add_like(self, post_id: PostId, user_id: UserId, now: datetime) -> None:
        if (post_id, user_id) not in self.likes:
            self.likes[post_id, user_id] = now
            self._count(count_like(post_id))

    def notify(self, event: NotificationEvent) -> bool:
        """Store the event. Return False if the recipient is not notified again."""
        group = next((group for group in self.notifications.values() if group.newest.has_same_subject(event)), None)
        extended = NotificationGroup(event, event.created_at)
        if group is not None:
            again = group.extend(event, self.read_up_to.get(event.user_id))
            if again is None:
                return False
            extended = again
            del self.notifications[group.newest.id]
        self.notifications[event.id] = extended
        return True

    def drop_like(self, post_id: PostId, user_id: UserId) -> None:
        if self.likes.pop((post_id, user_id), None) is not None:
            self._count(undo(count_like(post_id)))

    def add_comment(self, comment: Comment) -> None:
        self.comments[comment.id] = comment
        self._count(count_comment(comment.post_id))

    def drop_comment(self, comment_id: CommentId) -> None:
        comment = self.comments.pop(comment_id, None)
        if comment is not None:
            self._count(undo(count_comment(comment.post_id)))
            self.delete_notifications(lambda event: event.comment_id == comment_id)

    def add_follow(self, follower: UserId, followee: UserId, now: datetime) -> None:
        self.follows[follower, followee] = now
        self._count(count_follow(follower, followee))

    def drop_follow(self, follower: UserId, followee: UserId) -> bool:
        if self.follows.pop((follower, followee), None) is None:
            return False
        self._count(undo(count_follow(follower, followee)))
        return True

    def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        if self.requests.pop((follower, followee), None) is None:
            return False
        self.add_follow(follower, followee, now)
        return True

    def delete_notifications(self, which: Callable[[NotificationEvent], bool]) -> None:
        for group in [group for group in self.notifications.values() if which(group.newest)]:
            del self.notifications[group.newest.id]

    def add_to_counter(self, change: CounterChange) -> None:
        """Apply a change to its post or user."""
        of, _, column = change.counter.partition(".")
        rows: dict[Any, Any] = self.posts if of == "post" else self.users
        row = rows[change.id]
        rows[change.id] = replace(row, **{column: getattr(row, column) + change.by})

    def _count(self, changes: Sequence[CounterChange]) -> None:
        for change in changes:
            self.add_to_counter(change)
