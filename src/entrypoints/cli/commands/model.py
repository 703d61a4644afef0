"""`tintype model`: the classifier's weights."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("model", "Install the model, go back, and measure it.")


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
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.model_install import convert_model, print_installed

    async def action(command: CommandContext) -> None:
        if path is None:
            print_installed(command, command.container.installing().install_default())
            return
        if not path.exists():
            raise FileMissing(f"{path}: there is no such file; give the path of an .onnx file or of a SavedModel")
        if path.is_dir():
            convert_model(command, path, None)
        else:
            print_installed(command, command.container.installing().install(path, name))

    run_without_database(context, as_json, action)


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
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.model_install import convert_model, fetch_model

    async def action(command: CommandContext) -> None:
        if source is None or "://" in source:
            await fetch_model(command, source, photographs)
        else:
            convert_model(command, Path(source), photographs)

    run_without_database(context, as_json, action)


@app.command()
def rollback(context: typer.Context, as_json: Json = False) -> None:
    """Go back to the model that was installed before."""
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database

    async def action(command: CommandContext) -> None:
        model = command.container.installing().rollback()
        command.out.print_result(shapes.model(model), f"{model} is the current model again.")

    run_without_database(context, as_json, action)


@app.command()
def fetch(context: typer.Context, as_json: Json = False) -> None:
    """Download the main model, MobileNetV2, from the first source that gives it; convert and install it.

    The sources are TensorFlow Hub and Kaggle Models, or those of TINTYPE_MODEL_URLS. Any model is replaced.
    """
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.model_install import fetch_model

    async def action(command: CommandContext) -> None:
        await fetch_model(command, None, None)

    run_without_database(context, as_json, action)


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
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.labelled_images import read_images
    from entrypoints.cli.model_install import print_progress

    async def action(command: CommandContext) -> None:
        model, found = await command.container.quantizing().quantize(await read_images(folder), print_progress)
        lost = f", {found.accuracy_loss:+.1%} of accuracy lost (p = {found.p_value:.2f})" if found.labelled else ""
        said = (
            f"{model} is installed beside it: another first class on {found.changed} of {found.count} pictures{lost}."
        )
        command.out.print_result(shapes.model(model) | shapes.comparison(found), said)

    run_without_database(context, as_json, action)


@app.command()
def info(context: typer.Context, as_json: Json = False) -> None:
    """Show the current model: what it is made of, what it takes and gives, and how it was proved."""
    from domain.vision import ModelMissing
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database

    async def action(command: CommandContext) -> None:
        model, manifest = await command.container.classifier().model(), command.container.model_store().manifest() or {}
        if model is None:
            raise ModelMissing("no model is installed; `tintype model install` installs the default one")
        about = shapes.description(model)
        said = f"{model.name}, version {model.version}, on {model.device or 'no device yet'}"
        first = {"licence": model.licence, "source": model.source, "classes": f"{model.classes:,}"}
        rest = {key: value for key, value in manifest.items() if key not in {"name", "licence", "classes"}}
        lines = [said, *layout.manifest(first | rest)]
        command.out.print_result(shapes.model(model) | about | {"manifest": dict(manifest)}, "\n".join(lines))

    run_without_database(context, as_json, action)


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
    from entrypoints.cli import model_evaluation
    from entrypoints.cli.command_context import CommandContext, run_with_database, run_without_database

    async def action(command: CommandContext) -> None:
        if plot is not None:
            model_evaluation.require_plots()
        found = await model_evaluation.evaluate_folder(command, folder)
        if plot is not None:
            from entrypoints.cli import reliability

            reliability.plot(found, plot)
        await model_evaluation.print_evaluation(command, found, verdicts=verdicts)
        if fit:
            model = model_evaluation.save_temperature(command, found)
            command.out.print_note(f"{model} runs at temperature {model.temperature:.2f} from now on.")

    (run_with_database if verdicts else run_without_database)(context, as_json, action)
