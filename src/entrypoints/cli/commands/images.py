"""Commands for images that need no database."""

from typing import Annotated

import typer

from entrypoints.cli.options import Files, Json


def add_to(app: typer.Typer) -> None:
    for command in (classify, caption):
        app.command()(command)


def classify(
    context: typer.Context,
    files: Files,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Number of classes, best first.")] = 5,
    as_json: Json = False,
) -> None:
    """Classify images; needs no database."""
    from pathlib import Path

    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.files import read_file
    from entrypoints.cli.for_each import for_each
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        async def classify_file(file: Path) -> None:
            prediction = await command.container.classifier().classify(await read_file(file), top)
            lines = [clean(str(file)), *layout.label_lines(prediction.labels)]
            command.out.print_result(shapes.prediction(str(file), prediction), "\n".join(lines))

        await for_each(files, classify_file, "Classifying", as_json)

    run_without_database(context, as_json, action)


def caption(context: typer.Context, files: Files, as_json: Json = False) -> None:
    """Write alt text for images; needs no database.

    Every call of a paid service costs money: without a database there is no ledger, no budget and no cache.
    """
    from pathlib import Path

    from domain.captions import CAPTION_DECLINED, CAPTIONS_OFF
    from domain.errors import Unavailable
    from domain.vision import CLASS_COUNT, Label
    from domain.vision.label_selection import select_labels
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.files import read_file
    from entrypoints.cli.for_each import for_each
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        writer = command.container.captions()
        if writer is None:
            raise Unavailable(f"{CAPTIONS_OFF}; set TINTYPE_CAPTIONS=labels")

        async def find_labels(data: bytes) -> tuple[Label, ...]:
            prediction = await command.container.classifier().classify(data, CLASS_COUNT)
            return select_labels(prediction.labels, prediction.model.temperature)

        async def describe(file: Path) -> None:
            data = await read_file(file)
            labels = await find_labels(data) if writer.needs_labels else ()
            draft = await writer.write(data, labels)
            suggestion = draft.suggestion
            absence = CAPTION_DECLINED if draft.declined else "no caption: the model is not sure of any label"
            text = f"“{suggestion.text}”" if suggestion else absence
            command.out.print_result(shapes.suggestion(str(file), suggestion), f"{clean(str(file))}: {text}")

        await for_each(files, describe, "Describing", as_json)

    run_without_database(context, as_json, action)
