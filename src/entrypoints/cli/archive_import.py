"""Imports an archive: the settings first, then several posts at a time, then the avatar and the relations."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from domain.archives import ArchivedImage, ArchivedPost, SkippedEntry
from domain.errors import Unavailable
from domain.ids import UserId
from domain.services.archive_importing import Account, Outcome, PostResult
from entrypoints.archives.archive import Archive
from entrypoints.cli.command_context import CommandContext
from entrypoints.cli.import_report import CHANGED, SKIPPED, ImportReport
from entrypoints.cli.progress import Advance, progress
from entrypoints.cli.stop_request import StopRequest
from entrypoints.wording import pluralize

CONCURRENCY = 3


@dataclass
class ArchiveImport:
    """One import. Its counts are the result."""

    command: CommandContext
    archive: Archive
    owner: UserId
    report: ImportReport
    dry_run: bool = False
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    relations: int = 0
    stop_request: StopRequest = field(default_factory=StopRequest)

    async def run(self) -> None:
        """Import everything. After Ctrl-C, posts in progress are completed."""
        account = Account(self.owner, self.archive.kind, self._open_image, self.dry_run)
        for entry in self.archive.skipped_files():
            self.report.add(SKIPPED, entry.entry, entry.reason)
        profile = self.archive.profile()
        importing = self.command.container.relation_importing()
        if remarks := await importing.import_settings(account, profile):
            self.report.add(SKIPPED, "settings", *remarks)
        with self.stop_request.listen():
            await self._import_posts(account)
            if self.stop_request.is_set:
                return
            avatar = partial(importing.import_avatar, account, profile)
            if remark := await self.stop_request.call(avatar, "avatar", self.command.out):
                self.report.add(SKIPPED, "avatar", remark)
            await self._import_relations(account)

    def summary(self) -> str:
        verb = "would be imported" if self.dry_run else "imported"
        imported, existing = pluralize(self.outcomes[Outcome.IMPORTED], "post"), self.outcomes[Outcome.EXISTING]
        related = f", {pluralize(self.relations, 'relation')} {verb}" if self.relations else ""
        left_out = f"{self.report.counts[SKIPPED]:,} entries skipped, {self.report.counts[CHANGED]:,} changed"
        return f"{imported} {verb}{related}, {existing:,} already imported; {left_out}."

    async def _import_posts(self, account: Account) -> None:
        # To count the entries reads the JSON once more, which is short beside the images.
        total = await asyncio.to_thread(lambda: sum(1 for _ in self.archive.posts()))
        waiting = self.archive.posts()
        with progress("Checking" if self.dry_run else "Importing", total) as advance:
            await asyncio.gather(*(self._import_waiting(account, waiting, advance) for _ in range(CONCURRENCY)))

    async def _import_waiting(
        self, account: Account, waiting: Iterator[ArchivedPost | SkippedEntry], advance: Advance
    ) -> None:
        for entry in waiting:
            if self.stop_request.is_set:
                return
            if isinstance(entry, SkippedEntry):
                self.outcomes[Outcome.SKIPPED] += 1
                self.report.add(SKIPPED, entry.entry, entry.reason)
            else:
                await self._import_post(account, entry)
            done, skipped = self.outcomes[Outcome.IMPORTED], self.outcomes[Outcome.SKIPPED]
            advance(f"{done} imported, {skipped} skipped")

    async def _import_post(self, account: Account, post: ArchivedPost) -> None:
        service = self.command.container.archive_importing()
        attempt = partial(service.import_post, account, post)
        result = await self.stop_request.call(attempt, post.key, self.command.out)
        if result is not None:
            self._record(post, result)

    def _record(self, post: ArchivedPost, result: PostResult) -> None:
        self.outcomes[result.outcome] += 1
        if result.remarks:
            is_skipped = result.outcome is Outcome.SKIPPED
            self.report.add(SKIPPED if is_skipped else CHANGED, post.key, *result.remarks)

    async def _import_relations(self, account: Account) -> None:
        service = self.command.container.relation_importing()
        for relation in self.archive.relations():
            if isinstance(relation, SkippedEntry):
                self.report.add(SKIPPED, relation.entry, relation.reason)
                continue
            reason = await service.import_relation(account, relation)
            self.relations += reason is None
            if reason:
                self.report.add(SKIPPED, relation.name, reason)
            if self.stop_request.is_set:
                return

    async def _open_image(self, image: ArchivedImage) -> bytes:
        return await self.archive.open_image(image, self.command.container.limits().max_upload_bytes)


async def run_import(run: ArchiveImport, resume: str) -> bool:
    """Run the import and print its result. Return False if Ctrl-C ended it."""
    out = run.command.out
    try:
        await run.run()
    except Unavailable:
        out.print_note(f"{run.summary()}\n{resume}")
        raise
    out.print_result(
        {"dry_run": run.dry_run, "relations": run.relations, **{kind: run.outcomes[kind] for kind in Outcome}},
        run.summary(),
    )
    if run.stop_request.is_set:
        out.print_note(resume)
    return not run.stop_request.is_set
