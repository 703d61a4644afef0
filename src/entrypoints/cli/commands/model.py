"""`tintype model`: the classifier's weights."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.context import Json, group

app = group("model", "Install the model, go back, and measure it.")


@app.command()
def install(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", show_default=False, help="An .onnx file, or a SavedModel's folder."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", show_default=False, help="The model's name, if the .onnx file states none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Install a local model: an .onnx file with its weights untouched, or a SavedModel or Hub folder, converted first.

    Without PATH: the default model, EfficientNet-Lite0, if no model is installed; needs no network. A running service
    takes every change up by itself.
    """
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.installing import convert_here, tell_installed

    async def story(desk: Desk) -> None:
        if path is None:
            tell_installed(desk, desk.container.installing().install_default())
            return
        if not path.exists():
            raise FileMissing(f"{path}: there is no such file; give the path of an .onnx file or of a SavedModel")
        if path.is_dir():
            convert_here(desk, path, None)
        else:
            tell_installed(desk, desk.container.installing().install(path, name))

    without_database(context, as_json, story)


@app.command()
def convert(
    context: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="[URL|PATH]", show_default=False, help="By default MobileNetV2 1.0 224.")
    ] = None,
    photographs: Annotated[
        Path | None, typer.Option("--photographs", metavar="DIR", help="Pictures to prove it on, beside random inputs.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Convert a SavedModel to ONNX; prove it, and install it.

    It is a folder here, a module on tfhub.dev or kaggle.com, or the address of a .tar.gz (#sha256=… behind it is
    compared). TensorFlow runs in an environment of its own, .venv-convert, which is made at the first time.
    """
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.installing import convert_here, fetch_here

    async def story(desk: Desk) -> None:
        if source is None or "://" in source:
            await fetch_here(desk, source, photographs)
        else:
            convert_here(desk, Path(source), photographs)

    without_database(context, as_json, story)


@app.command()
def rollback(context: typer.Context, as_json: Json = False) -> None:
    """Go back to the model that was installed before."""
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database

    async def story(desk: Desk) -> None:
        model = desk.container.installing().rollback()
        desk.out.tell(shapes.model(model), f"{model} is the current model again.")

    without_database(context, as_json, story)


@app.command()
def fetch(context: typer.Context, as_json: Json = False) -> None:
    """Download the main model, MobileNetV2, from the first source that gives it; convert and install it.

    The sources are TensorFlow Hub and Kaggle Models, or those of TINTYPE_MODEL_URLS. Any model is replaced.
    """
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.installing import fetch_here

    async def story(desk: Desk) -> None:
        await fetch_here(desk, None, None)

    without_database(context, as_json, story)


@app.command()
def quantize(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option("--calibrate", metavar="DIR", help="Pictures; with a labels.csv accuracy is compared too.")
    ],
    as_json: Json = False,
) -> None:
    """Make the model smaller and faster: 8-bit integers, kept only if they see the same.

    Half of the pictures calibrate, the other half judges: at most 6 % may get another first class, and at most a point
    of accuracy may be lost (unless chance explains it).
    """
    from entrypoints.cli import shapes
    from entrypoints.cli.desk import Desk, without_database
    from entrypoints.cli.installing import say
    from entrypoints.cli.samples import labelled

    async def story(desk: Desk) -> None:
        model, found = await desk.container.quantizing().quantize(await labelled(folder), say)
        lost = f", {found.lost:+.1%} of accuracy lost (p = {found.p_value:.2f})" if found.judged else ""
        said = f"{model} is installed beside it: another first class on {found.others} of {found.count} pictures{lost}."
        desk.out.tell(shapes.model(model) | shapes.comparison(found), said)

    without_database(context, as_json, story)


@app.command()
def info(context: typer.Context, as_json: Json = False) -> None:
    """Show the current model: what it is made of, what it takes and gives, and how it was proved."""
    from domain.vision import ModelMissing
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.desk import Desk, without_database

    async def story(desk: Desk) -> None:
        model, manifest = await desk.container.classifier().model(), desk.container.model_store().manifest() or {}
        if model is None:
            raise ModelMissing("no model is installed; `tintype model install` installs the default one")
        about = shapes.description(model)
        said = f"{model.name}, version {model.version}, on {model.device or 'no device yet'}"
        first = {"licence": model.licence, "source": model.source, "classes": f"{model.classes:,}"}
        rest = {key: value for key, value in manifest.items() if key not in {"name", "licence", "classes"}}
        lines = [said, *layout.manifest(first | rest)]
        desk.out.tell(shapes.model(model) | about | {"manifest": dict(manifest)}, "\n".join(lines))

    without_database(context, as_json, story)


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Pictures, and labels.csv: file,class_index.")
    ],
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", show_default=False, help="Draw how reliable it is.")
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Keep the fitted temperature with the model.")] = False,
    verdicts: Annotated[bool, typer.Option("--verdicts", help="Add what owners say; needs the database.")] = False,
    as_json: Json = False,
) -> None:
    """Measure how often the model is right on labelled pictures, and how well it knows."""
    from entrypoints.cli import evaluating
    from entrypoints.cli.desk import Desk, at_desk, without_database

    async def story(desk: Desk) -> None:
        if plot is not None:
            evaluating.require_plots()
        found = await evaluating.evaluated(desk, folder)
        if plot is not None:
            from entrypoints.cli import reliability

            reliability.plot(found, plot)
        await evaluating.told(desk, found, verdicts=verdicts)
        if fit:
            model = evaluating.kept(desk, found)
            desk.out.say(f"{model} runs at temperature {model.temperature:.2f} from now on.")

    (at_desk if verdicts else without_database)(context, as_json, story)
