"""`tintype model`: installs, measures and replaces the classifier's model."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("model", "Install, measure and roll back models.")


@app.command()
def install(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", show_default=False, help="An .onnx file or the folder of a SavedModel."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", show_default=False, help="The model's name, if the .onnx file states none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Install a local model: an .onnx file as it is, or a SavedModel, which is converted first.

    Without PATH: the default model, EfficientNet-Lite0, if no model is installed; this needs no network. Running
    services reload models automatically.
    """
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.errors import FileMissing
    from entrypoints.cli.model_install import convert_model, finish_install, print_installed

    async def action(command: CommandContext) -> None:
        if path is None:
            print_installed(command, command.container.installing().install_default())
            return
        if not path.exists():
            raise FileMissing(f"{path}: the file does not exist; give the path of an .onnx file or of a SavedModel")
        if path.is_dir():
            await convert_model(command, path, None)
        else:
            await finish_install(command, command.container.installing().install(path, name))

    run_without_database(context, as_json, action)


@app.command()
def convert(
    context: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="[URL|PATH]", show_default=False, help="By default MobileNetV2 1.0 224.")
    ] = None,
    photographs: Annotated[
        Path | None, typer.Option("--photographs", metavar="DIR", help="Images to verify it on, besides random inputs.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Convert a SavedModel to ONNX, verify it, and install it.

    The source is a local folder, a module on tfhub.dev or kaggle.com, or the address of a .tar.gz (with #sha256=… its
    hash is checked). TensorFlow runs in a separate environment, .venv-convert, which is created at first use.
    """
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.model_install import convert_model, fetch_model

    async def action(command: CommandContext) -> None:
        if source is None or "://" in source:
            await fetch_model(command, source, photographs)
        else:
            await convert_model(command, Path(source), photographs)

    run_without_database(context, as_json, action)


@app.command()
def publish(context: typer.Context) -> None:
    """Make the model of this machine, or of its inference services, the model of all machines of the database.

    The other machines install it within seconds. Images of another model are classified again. The other commands that
    change the model do this by themselves if they reach the database.
    """
    from entrypoints.cli.command_context import run_with_database
    from entrypoints.cli.model_publishing import publish_model

    run_with_database(context, False, publish_model)


@app.command()
def rollback(context: typer.Context, as_json: Json = False) -> None:
    """Return to the previous model."""
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.model_publishing import publish_change

    async def action(command: CommandContext) -> None:
        model = command.container.installing().rollback()
        command.out.print_result(shapes.model(model), f"{model} is the current model again.")
        await publish_change(command)

    run_without_database(context, as_json, action)


@app.command()
def fetch(context: typer.Context, as_json: Json = False) -> None:
    """Download the main model, MobileNetV2, from the first available source; convert and install it.

    The sources are TensorFlow Hub and Kaggle Models, or those of TINTYPE_MODEL_URLS. Any installed model is replaced.
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
        Path, typer.Option("--calibrate", metavar="DIR", help="Images; with labels.csv, accuracy is compared too.")
    ],
    as_json: Json = False,
) -> None:
    """Quantize the model to int8, which is smaller and faster; install it if its results agree.

    Half of the images calibrate it, the other half tests it: at most 6 % may get another best class, and accuracy may
    drop by at most one percentage point (unless chance explains more).
    """
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.labelled_images import read_images
    from entrypoints.cli.model_install import print_progress
    from entrypoints.cli.model_publishing import publish_change

    async def action(command: CommandContext) -> None:
        model, result = await command.container.quantizing().quantize(await read_images(folder), print_progress)
        loss = f", accuracy loss {result.accuracy_loss:+.1%} (p = {result.p_value:.2f})" if result.labelled else ""
        text = f"{model} is installed: another best class on {result.changed} of {result.count} images{loss}."
        command.out.print_result(shapes.model(model) | shapes.comparison(result), text)
        await publish_change(command)

    run_without_database(context, as_json, action)


@app.command()
def info(context: typer.Context, as_json: Json = False) -> None:
    """Show the current model: its origin, its inputs and outputs, and its verification."""
    from domain.vision import ModelMissing
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.command_context import CommandContext, run_without_database

    async def action(command: CommandContext) -> None:
        model, manifest = await command.container.classifier().model(), command.container.model_store().manifest() or {}
        if model is None:
            raise ModelMissing("no model is installed; `tintype model install` installs the default one")
        about = shapes.description(model)
        title = f"{model.name}, version {model.version}, on {model.device or 'no device yet'}"
        first = {"licence": model.licence, "source": model.source, "classes": f"{model.classes:,}"}
        rest = {key: value for key, value in manifest.items() if key not in {"name", "licence", "classes"}}
        lines = [title, *layout.manifest_lines(first | rest)]
        command.out.print_result(shapes.model(model) | about | {"manifest": dict(manifest)}, "\n".join(lines))

    run_without_database(context, as_json, action)


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Images, and labels.csv: file,class_index.")
    ],
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", show_default=False, help="Draw a reliability diagram.")
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Store the fitted temperature with the model.")] = False,
    verdicts: Annotated[bool, typer.Option("--verdicts", help="Add the owners' verdicts; needs the database.")] = False,
    as_json: Json = False,
) -> None:
    """Measure accuracy, calibration error and confusions on labelled images."""
    from entrypoints.cli import model_evaluation
    from entrypoints.cli.command_context import CommandContext, run_with_database, run_without_database
    from entrypoints.cli.model_publishing import publish_change

    async def action(command: CommandContext) -> None:
        if plot is not None:
            model_evaluation.require_plots()
        evaluation = await model_evaluation.evaluate_folder(command, folder)
        if plot is not None:
            from entrypoints.cli import reliability

            reliability.plot(evaluation, plot)
        await model_evaluation.print_evaluation(command, evaluation, verdicts=verdicts)
        if fit:
            model = model_evaluation.save_temperature(command, evaluation)
            command.out.print_note(f"{model} runs at temperature {model.temperature:.2f} from now on.")
            await publish_change(command)

    (run_with_database if verdicts else run_without_database)(context, as_json, action)


@app.command()
def answers(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Maximum number of answers.")] = 1_000_000,
    as_json: Json = False,
) -> None:
    """List what owners answered the detector of sensitive media, newest image first.

    With --json, each line has the model, its score, whether the owner was asked, the answer and its time.
    """
    from entrypoints.cli import shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database

    async def action(command: CommandContext) -> None:
        is_empty = True
        async for score in iter_items(command.container.sensitivity_feedback().answers, limit):
            is_empty = False
            verdict = "sensitive" if score.answer else "not sensitive"
            text = f"{score.image_id} {score.score:.2f} by {score.model}: {verdict}, {score.answered_at:%Y-%m-%d}"
            command.out.print_result(shapes.sensitivity_answer(score), text)
        if is_empty:
            command.out.print_note("No owner has answered yet.")

    run_with_database(context, as_json, action)


@app.command()
def backfill(context: typer.Context, as_json: Json = False) -> None:
    """Classify again all images whose labels are by another model than the current one.

    Workers do this too. The command shares the work with them, and ends when no image is left. A command that was
    interrupted is continued by starting it again.
    """
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.model_backfill import backfill_images

    async def action(command: CommandContext) -> None:
        await backfill_images(command)

    run_with_database(context, as_json, action)
