"""Imports a folder: several images at a time, each image once."""

import asyncio
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from domain.errors import DomainError, Unavailable, Unsupported
from domain.ids import UserId
from domain.images import ImageTooLarge
from entrypoints.cli import rest_shapes
from entrypoints.cli.command_context import CommandContext
from entrypoints.cli.errors import print_error
from entrypoints.cli.files import file_size, read_file
from entrypoints.cli.progress import Advance, progress
from entrypoints.cli.stop_request import StopRequest
from entrypoints.wording import pluralize

CONCURRENCY = 3


@dataclass
class FolderImport:
    """One import. Its counts are the result."""

    command: CommandContext
    owner: UserId
    folder: Path
    posted: int = 0
    existing: int = 0
    skipped: int = 0
    refused: list[tuple[Path, Exception]] = field(default_factory=list)
    exit_code: int = 0
    stop_request: StopRequest = field(default_factory=StopRequest)

    async def run(self, files: Sequence[Path]) -> None:
        """Import the files. After Ctrl-C, imports in progress are completed; a second Ctrl-C ends the program."""
        waiting = iter(files)
        with self.stop_request.listen(), progress("Importing", len(files)) as advance:
            await asyncio.gather(*(self._import_files(waiting, advance) for _ in range(CONCURRENCY)))
        for file, error in self.refused:
            self.exit_code = max(self.exit_code, print_error(error, as_json=self.command.out.as_json, file=file))

    def summary(self) -> str:
        parts = f"{self.posted:,} posted, {self.existing:,} already imported, {len(self.refused):,} refused"
        skipped = f"; {pluralize(self.skipped, 'other file')} skipped" if self.skipped else ""
        return f"{parts}{skipped}."

    async def _import_files(self, waiting: Iterator[Path], advance: Advance) -> None:
        for file in waiting:
            if self.stop_request.is_set:
                return
            try:
                await self.stop_request.call(partial(self._import_file, file), str(file), self.command.out)
            except Unavailable:
                raise
            except Unsupported as error:
                if _has_image_name(file):
                    self.refused.append((file, error))
                else:
                    self.skipped += 1
            except DomainError as error:
                self.refused.append((file, error))
            advance(f"{self.posted} posted, {self.existing} already imported, {len(self.refused)} refused")

    async def _import_file(self, file: Path) -> None:
        self._refuse_too_large(file)
        text = file.with_name(f"{file.name}.txt")
        words = (await read_file(text)).decode("utf-8-sig", "replace").strip() if text.is_file() else ""
        content = await read_file(file)
        if not content and not _has_image_name(file):
            raise _NotAnImage("the file is empty")
        imported = await self.command.container.importing().import_file(self.owner, content, words)
        if imported.view is None:
            self.existing += 1
            return
        self.posted += 1
        if self.command.out.as_json:
            self.command.out.print_result(rest_shapes.post(imported.view), "")

    def _refuse_too_large(self, file: Path) -> None:
        """Checks the size before reading, so that a video among the images does not fill the memory."""
        size, limit = file_size(file), self.command.container.limits().max_upload_bytes
        if size > limit:
            kind = ImageTooLarge if _has_image_name(file) else _NotAnImage
            raise kind(f"has {size:,} bytes; at most {limit:,} are allowed", limit=limit, actual=size)


class _NotAnImage(Unsupported):
    code = "unsupported_image"


def find_uploads(folder: Path, stored: Path) -> list[Path]:
    """The files that may be images, sorted by path. Excludes hidden files, texts beside images, and the service's own
    folder `stored`."""
    own = stored.resolve()
    files = (path for path in folder.rglob("*") if path.is_file() and own not in path.resolve().parents)
    visible = (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return sorted(path for path in visible if not (path.suffix == ".txt" and path.with_suffix("").is_file()))


def _has_image_name(file: Path) -> bool:
    return (mimetypes.guess_type(file.name)[0] or "").startswith("image/")
