"""`tintype import`: publishes a folder of images."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.options import Actor, Json


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)


def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    me: Actor,
    as_json: Json = False,
) -> None:
    """Publish every image under DIR, each once.

    A busy machine delays the import. A repeated call continues an interrupted one. The text of photo.jpg is in
    photo.jpg.txt beside it, if this file exists.
    """
    from domain.errors import Unavailable
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.folder_import import INTERRUPTED, FolderImport, find_uploads

    async def action(command: CommandContext) -> None:
        if not folder.is_dir():
            raise FileMissing(f"{folder}: the folder does not exist")
        run = FolderImport(command, await command.user_id(me), folder)
        resume = f"Stopped; continue with: tintype import {shlex.quote(str(folder))} --as {me}"
        try:
            await run.run(find_uploads(folder, command.container.blobs_folder()))
        except Unavailable:
            command.out.print_note(f"{run.summary()}\n{resume}")
            raise
        command.out.print_note(run.summary())
        if run.is_stopping:
            command.out.print_note(resume)
            raise typer.Exit(INTERRUPTED)
        if run.exit_code:
            raise typer.Exit(run.exit_code)

    run_with_database(context, as_json, action)
