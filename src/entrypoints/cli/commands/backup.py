"""`tintype backup`: backs up the database and the image files, and verifies backups."""

from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from entrypoints.cli.options import Json

_HELP = {"-h", "--help"}


class BackupGroup(TyperGroup):
    """`tintype backup DEST` is short for `tintype backup create DEST`."""

    default_command: ClassVar = "create"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in _HELP:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="backup",
    cls=BackupGroup,
    help="Back up the database and the image files: tintype backup DEST.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Destination = Annotated[
    str, typer.Argument(metavar="DEST", help="A folder, a file *.tar, or s3://BUCKET/FOLDER.", show_default=False)
]
Source = Annotated[
    str, typer.Argument(metavar="SRC", help="A folder, a file *.tar, or s3://BUCKET/FOLDER.", show_default=False)
]
At = Annotated[str | None, typer.Option("--at", metavar="BACKUP", help="An older backup, by its name.")]


@app.command()
def create(context: typer.Context, destination: Destination, as_json: Json = False) -> None:
    """Dump the database, then copy the files that DEST lacks; safe during normal operation."""
    from entrypoints.cli.backup_places import open_place, print_report
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.progress import progress
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        place = open_place(command.container, destination)
        report = await command.container.backing_up().back_up(place, progress)
        copied = f"{pluralize(report.blobs.copied, 'file')} copied, {report.blobs.present:,} there already"
        print_report(command.out, report, f"Backup {report.manifest.name} is in {place.where}: {copied}.")

    run_with_database(context, as_json, action)


@app.command()
def verify(context: typer.Context, source: Source, at: At = None, as_json: Json = False) -> None:
    """Prove that SRC has the files of every row, unchanged; the exit code is 1 if not. Needs no database."""
    from entrypoints.cli.backup_places import open_place, print_report
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.progress import progress
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        place = open_place(command.container, source)
        report = await command.container.backing_up().verify(place, progress, at)
        intact = f"{pluralize(report.blobs.present, 'file')} of its rows intact"
        print_report(command.out, report, f"Backup {report.manifest.name} in {place.where}: {intact}.")

    run_without_database(context, as_json, action)
