"""`tintype import`: publishes a folder of images, or the archive of an account."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrypoints.cli.options import Actor, Json

if TYPE_CHECKING:
    from entrypoints.cli.command_context import CommandContext


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)


def import_(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="ARCHIVE", show_default=False)],
    me: Actor,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check an archive and store nothing.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Default: beside the archive.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Publish the archive of an account, or the images of a folder.

    The archive is one of Tintype, Mastodon, Pixelfed, Vernissage or Instagram.
    Posts of an archive keep their dates. A report says what was left out and why. In a folder, the text of photo.jpg
    is in photo.jpg.txt beside it. A busy machine delays the import. A repeated call continues an interrupted one.
    """
    from entrypoints.archives.opening import is_archive
    from entrypoints.cli.command_context import run_with_database
    from entrypoints.cli.errors import FileMissing

    if not source.exists():
        raise FileMissing(f"{source}: the file or folder does not exist")
    resume = f"Stopped; continue with: tintype import {shlex.quote(str(source))} --as {me}"
    if is_archive(source):
        path = report or source.with_name(f"{source.resolve().name}.report.jsonl")

        async def action(command: "CommandContext") -> None:
            await _import_archive(command, source, me, path, resume, dry_run=dry_run)

    elif dry_run or report:
        raise typer.BadParameter("--dry-run and --report are for archives; this is a folder of images")
    else:

        async def action(command: "CommandContext") -> None:
            await _import_folder(command, source, me, resume)

    run_with_database(context, as_json, action)


async def _import_archive(
    command: "CommandContext", source: Path, me: str, path: Path, resume: str, *, dry_run: bool
) -> None:
    from entrypoints.archives.opening import open_archive
    from entrypoints.cli.archive_import import ArchiveImport, run_import
    from entrypoints.cli.import_report import open_report
    from entrypoints.cli.stop_request import INTERRUPTED

    owner = await command.user_id(me)
    with open_archive(source) as archive, open_report(path) as report:
        command.out.print_note(f"{source} is an archive of {archive.kind.title()}.")
        is_complete = await run_import(ArchiveImport(command, archive, owner, report, dry_run), resume)
    command.out.print_note(f"The report is in {path}.")
    if not is_complete:
        raise typer.Exit(INTERRUPTED)


async def _import_folder(command: "CommandContext", folder: Path, me: str, resume: str) -> None:
    from domain.errors import Unavailable
    from entrypoints.cli.folder_import import FolderImport, find_uploads
    from entrypoints.cli.stop_request import INTERRUPTED

    run = FolderImport(command, await command.user_id(me), folder)
    try:
        await run.run(find_uploads(folder, command.container.blobs_folder()))
    except Unavailable:
        command.out.print_note(f"{run.summary()}\n{resume}")
        raise
    command.out.print_note(run.summary())
    if run.stop_request.is_set:
        command.out.print_note(resume)
        raise typer.Exit(INTERRUPTED)
    if run.exit_code:
        raise typer.Exit(run.exit_code)
