"""`tintype import`: a folder of pictures becomes posts."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.context import As, Json


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)


def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    me: As,
    as_json: Json = False,
) -> None:
    """Post every picture under DIR, each once.

    Called again, it goes on where it was. The words of photo.jpg are those of photo.jpg.txt beside it, if there is one.
    """
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.importing import INTERRUPTED, Import, pictures_under

    async def story(desk: Desk) -> None:
        if not folder.is_dir():
            raise FileMissing(f"{folder}: there is no such folder")
        work = Import(desk, await desk.person(me), folder)
        await work.run(pictures_under(folder, desk.container.blobs_folder()))
        desk.out.say(work.summary())
        if work.stopped:
            desk.out.say(f"Stopped; go on with: tintype import {shlex.quote(str(folder))} --as {me}")
            raise typer.Exit(INTERRUPTED)
        if work.worst:
            raise typer.Exit(work.worst)

    at_desk(context, as_json, story)
