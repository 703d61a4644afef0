"""Looking at pictures without a database."""

from typing import Annotated

import typer

from entrypoints.cli.context import Files, Json


def add_to(app: typer.Typer) -> None:
    for command in (classify, caption):
        app.command()(command)


def classify(
    context: typer.Context,
    files: Files,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="How many classes, the best first.")] = 5,
    as_json: Json = False,
) -> None:
    """Say what the model sees in pictures; needs no database."""
    from pathlib import Path

    from entrypoints.cli import layout, shapes
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.each import each
    from entrypoints.cli.files import read

    async def story(desk: Desk) -> None:
        async def look(file: Path) -> None:
            prediction = await desk.container.classifier().classify(await read(file), top)
            lines = [f"{file}", *layout.labels(prediction.labels)]
            desk.out.tell(shapes.prediction(str(file), prediction), "\n".join(lines))

        await each(files, look, "Classifying", as_json)

    without_database(context, as_json, story)


def caption(context: typer.Context, files: Files, as_json: Json = False) -> None:
    """Draft alt text for pictures; needs no database.

    A paid writer is paid each time: without a database there is no ledger, no budget and no kept answer.
    """
    from pathlib import Path

    from domain.captions import CAPTION_DECLINED, CAPTIONS_OFF
    from domain.errors import Unavailable
    from domain.showing import shown
    from domain.vision import ALL_CLASSES, Label
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.each import each
    from entrypoints.cli.files import read

    async def story(desk: Desk) -> None:
        writer = desk.container.captions()
        if writer is None:
            raise Unavailable(f"{CAPTIONS_OFF}; set it to labels")

        async def seen(data: bytes) -> tuple[Label, ...]:
            prediction = await desk.container.classifier().classify(data, ALL_CLASSES)
            return shown(prediction.labels, prediction.model.temperature)

        async def describe(file: Path) -> None:
            data = await read(file)
            labels = await seen(data) if writer.needs_labels else ()
            draft = await writer.write(data, labels)
            suggestion = draft.suggestion
            nothing = CAPTION_DECLINED if draft.declined else "nothing to say: the model is not sure of anything"
            said = f"“{suggestion.text}”" if suggestion else nothing
            desk.out.tell(shapes.suggestion(str(file), suggestion), f"{file}: {said}")

        await each(files, describe, "Describing", as_json)

    without_database(context, as_json, story)
