"""Reporting: users tell moderators what breaks a rule."""

from domain.clock import Clock
from domain.comments import CommentReader
from domain.decisions import TargetNotFound
from domain.effects import Target, TargetKind
from domain.ids import CommentId, Ids, ImageId, PostId, ReportGroupId, ReportId, UserId
from domain.images import ImageReader
from domain.post_views import PostReader
from domain.profiles import UserReader
from domain.reports import Reason, Report, require_reportable
from domain.unit_of_work import UnitOfWorkFactory


class Reporting:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        post_reader: PostReader,
        comment_reader: CommentReader,
        image_reader: ImageReader,
        user_reader: UserReader,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._post_reader = post_reader
        self._comment_reader = comment_reader
        self._image_reader = image_reader
        self._user_reader = user_reader
        self._clock = clock
        self._ids = ids

    async def report(self, reporter: UserId, target: Target, reason: Reason, note: str = "") -> Report:
        """Report a target that the reporter may see. A second report of the same user about the same target returns the
        first one. Raises `TargetNotFound`, `CannotReport`, `Invalid`."""
        owner = await self._owner_of_visible(target, reporter)
        if owner is None:
            raise TargetNotFound(target.kind)
        require_reportable(reporter, owner, reason)
        report = Report(ReportId(self._ids.new()), target, owner, reporter, reason, note, self._clock.now())
        async with self._begin() as uow:
            stored = await uow.reports.add(report, ReportGroupId(self._ids.new()))
            await uow.commit()
        return stored

    async def _owner_of_visible(self, target: Target, viewer: UserId) -> UserId | None:
        """Return whose target this is; None if the viewer may not see it."""
        match target.kind:
            case TargetKind.POST:
                post = await self._post_reader.by_id(PostId(target.id), viewer)
                return post.post.author_id if post else None
            case TargetKind.COMMENT:
                comment = await self._comment_reader.by_id(CommentId(target.id), viewer)
                return comment.comment.author_id if comment else None
            case TargetKind.IMAGE:
                image = await self._image_reader.by_id(ImageId(target.id), viewer)
                return image.owner_id if image else None
            case TargetKind.USER:
                profile = await self._user_reader.by_id(UserId(target.id), viewer)
                return profile.user.id if profile else None
