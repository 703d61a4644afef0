"""`tintype blobs`: copies, verifies and deletes image files."""

from enum import StrEnum
from typing import Annotated

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("blobs", "Copy, verify and clean up image files.")


class Target(StrEnum):
    FILESYSTEM = "filesystem"
    S3 = "s3"


@app.command()
def copy(
    context: typer.Context,
    to: Annotated[Target, typer.Option("--to", help="Where to copy; the other one is the source.")],
    check: Annotated[
        bool, typer.Option("--check", help="Read the files that are there, and replace bad ones.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Copy image files between the folder and the bucket; continues an interrupted copy."""
    from domain.errors import Invalid
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.progress import progress
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        container = command.container
        if not container.config.s3_bucket():
            raise Invalid("no bucket is set; set TINTYPE_S3_BUCKET")
        folder, bucket = container.file_blobs(), container.s3_blobs()
        source, target = (folder, bucket) if to is Target.S3 else (bucket, folder)
        report = await container.blob_copying().copy_all(source, target, progress, check=check)
        note = f"Copied {pluralize(report.copied, 'file')}; {report.present:,} were there already."
        command.out.print_result(shapes.copy_report(report), note)
        if report.damaged:
            for key in report.damaged:
                command.out.print_note(f"{key} is damaged in the source, and was not copied.")
            raise typer.Exit(1)

    run_without_database(context, as_json, action)


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Read the files of every image; the exit code is 1 if any is missing or damaged."""
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.progress import progress
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        report = await command.container.blob_verification().verify(progress)
        for fault in report.faults:
            shape = shapes.blob_fault(fault)
            command.out.print_result(shape, f"The file {fault.key} of image {fault.image_id} is missing or damaged.")
        if report.faults:
            number = pluralize(len(report.faults), "file")
            command.out.print_note(f"{number} of {report.blobs:,} missing or damaged; restore them from a backup.")
            raise typer.Exit(1)
        command.out.print_note(f"Every image has its files: {pluralize(report.blobs, 'file')} read.")

    run_with_database(context, as_json, action)


@app.command()
def gc(context: typer.Context, as_json: Json = False) -> None:
    """Delete files that no image has referred to for a day; the worker does this hourly."""
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        deleted = await command.container.sweeping().sweep()
        command.out.print_result({"deleted": deleted}, f"Deleted {pluralize(deleted, 'file')}.")

    run_with_database(context, as_json, action)
