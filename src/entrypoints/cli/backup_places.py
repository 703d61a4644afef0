"""Destinations of backups, and their reports."""

from pathlib import Path

import typer

from container import Container
from domain.backups import BackupStore
from domain.errors import Invalid
from domain.services.backing_up import BackupReport
from entrypoints.cli import shapes
from entrypoints.cli.output import Output
from entrypoints.wording import pluralize


def open_place(container: Container, text: str) -> BackupStore:
    """The destination that the operator names: `s3://BUCKET/FOLDER`, a file `….tar`, or a folder. Raises `Invalid`."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme != "s3":
        raise Invalid(f"{text} cannot be used; give a folder, a file that ends with .tar, or s3://BUCKET/FOLDER")
    if separator:
        bucket, _, folder = rest.partition("/")
        if not bucket:
            raise Invalid("the bucket is missing; give s3://BUCKET/FOLDER")
        config = container.config
        return container.bucket_backups()(bucket, folder.strip("/"), config.s3_endpoint(), config.s3_region())
    path = Path(text).absolute()
    is_file = path.is_file() or (path.suffix == ".tar" and not path.is_dir())
    return container.tar_backups()(path) if is_file else container.folder_backups()(path)


def print_report(out: Output, report: BackupReport, text: str) -> None:
    """Print the result, and the blobs that are missing or damaged. These make the exit code 1."""
    out.print_result(shapes.backup_report(report), text)
    faults = {"missing": report.blobs.missing, "damaged": report.blobs.damaged}
    for fault, keys in faults.items():
        for key in keys:
            out.print_note(f"The file {key} is {fault}.")
    if any(faults.values()):
        number = sum(map(len, faults.values()))
        out.print_note(f"{pluralize(number, 'file')} missing or damaged.")
        raise typer.Exit(1)
