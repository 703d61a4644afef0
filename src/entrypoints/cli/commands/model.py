"""`tintype model`: the classifier's weights."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.context import Json, group

app = group("model", "Install the model, go back, and measure it.")


@app.command()
def install(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", show_default=False, help="An .onnx file.")],
    as_json: Json = False,
) -> None:
    """Install a local .onnx file, untouched.

    A running service takes it up by itself.
    """
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.errors import FileMissing

    async def story(desk: Desk) -> None:
        if not path.exists():
            raise FileMissing(f"{path}: there is no such file; give the path of an .onnx file")
        model = desk.container.model_store().install(path)
        desk.out.tell(
            shapes.model(model), f"{model} is installed; pictures that wait for it are classified by themselves."
        )

    without_database(context, as_json, story)


@app.command()
def rollback(context: typer.Context, as_json: Json = False) -> None:
    """Go back to the model that was installed before."""
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database

    async def story(desk: Desk) -> None:
        model = desk.container.model_store().rollback()
        desk.out.tell(shapes.model(model), f"{model} is the current model again.")

    without_database(context, as_json, story)


@app.command()
def fetch() -> None:
    """Fetch the default model (not in this version yet)."""
    from domain.vision import ModelMissing

    raise ModelMissing(
        "this version cannot fetch and convert a model by itself; it installs a local MobileNetV2 in ONNX form: "
        "`tintype model install PATH`"
    )


@app.command()
def info(context: typer.Context, as_json: Json = False) -> None:
    """Show the current model."""
    from domain.vision import ModelMissing
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database

    async def story(desk: Desk) -> None:
        model = await desk.container.classifier().model()
        if model is None:
            raise ModelMissing("no model is installed; `tintype model install PATH` takes a local .onnx file")
        desk.out.tell(
            shapes.model(model), f"{model.name}, version {model.version}, on {model.device or 'no device yet'}"
        )

    without_database(context, as_json, story)


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Pictures, and labels.csv: file,class_index.")
    ],
    as_json: Json = False,
) -> None:
    """Measure how often the model is right on labelled pictures."""
    from collections.abc import AsyncIterator

    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.files import read
    from entrypoints.cli.progress import progress
    from entrypoints.cli.samples import NoSamples, samples

    async def story(desk: Desk) -> None:
        labelled = samples(folder)
        with progress("Evaluating", len(labelled)) as advance:

            async def pictures() -> AsyncIterator[tuple[bytes, int]]:
                for file, truth in labelled:
                    yield await read(file), truth
                    advance(file.name)

            found = await desk.container.evaluating().evaluate(pictures())
        if found is None:
            raise NoSamples(f"{folder / 'labels.csv'} names no picture; its lines are file,class_index")
        said = f"top-1 {found.top1:.1%}, top-5 {found.top5:.1%} of {found.count} pictures, by {found.model}"
        desk.out.tell(shapes.evaluation(found), said)

    without_database(context, as_json, story)
