"""`tintype import`: a folder of pictures becomes posts."""

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
    """Post every picture under DIR, each once.

    Called again, it goes on where it was. The words of photo.jpg are those of photo.jpg.txt beside it, if there is one.
    """
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.folder_import import INTERRUPTED, FolderImport, find_pictures

    async def action(command: CommandContext) -> None:
        if not folder.is_dir():
            raise FileMissing(f"{folder}: there is no such folder")
        work = FolderImport(command, await command.user_id(me), folder)
        await work.run(find_pictures(folder, command.container.blobs_folder()))
        command.out.print_note(work.summary())
        if work.stopped:
            command.out.print_note(f"Stopped; go on with: tintype import {shlex.quote(str(folder))} --as {me}")
            raise typer.Exit(INTERRUPTED)
        if work.exit_code:
            raise typer.Exit(work.exit_code)

    run_with_database(context, as_json, action)
