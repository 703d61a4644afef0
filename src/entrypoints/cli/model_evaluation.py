"""The work of `tintype model evaluate`."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

from domain.errors import Invalid
from domain.vision import Model
from domain.vision.evaluation import Evaluation
from entrypoints.cli import evaluation_output
from entrypoints.cli.command_context import CommandContext
from entrypoints.cli.files import read_file
from entrypoints.cli.labelled_images import NoLabelledImages, labelled_files
from entrypoints.cli.progress import progress

MIN_IMAGES = 100
"""The minimum number of images for fitting a temperature: fewer give a random result."""


class NotFitted(Invalid):
    """The fitted temperature is not reliable enough to store."""

    code = "not_fitted"


class NoPlots(Invalid):
    """This installation cannot plot."""

    code = "no_plots"


def require_plots() -> None:
    """Raises `NoPlots` if Matplotlib is not installed, as in the container images."""
    if find_spec("matplotlib") is None:
        raise NoPlots(
            "--plot needs the package matplotlib, which the container images do not include; omit --plot, or run the"
            " command in a checkout after `make setup`"
        )


async def evaluate_folder(command: CommandContext, folder: Path) -> Evaluation:
    """Evaluate the model on the images in the folder's `labels.csv`. Raises `FileMissing`, `NoSamples`, and the errors
    of the classifier."""
    labelled = labelled_files(folder)
    with progress("Evaluating", len(labelled)) as advance:

        async def images() -> AsyncIterator[tuple[bytes, int]]:
            for file, truth in labelled:
                yield await read_file(file), truth
                advance(file.name)

        evaluation = await command.container.evaluating().evaluate(images())
    if evaluation is None:
        raise NoLabelledImages(f"{folder / 'labels.csv'} lists no image; its columns are file,class_index")
    return evaluation


def save_temperature(command: CommandContext, evaluation: Evaluation) -> Model:
    """Store the fitted temperature with the model. Raises `NotFitted`, `UnusableModel`."""
    if evaluation.count < MIN_IMAGES:
        raise NotFitted(
            f"{evaluation.count} images are too few to fit a temperature; label at least {MIN_IMAGES}",
            limit=MIN_IMAGES,
            actual=evaluation.count,
        )
    model: Model = command.container.model_store().save_temperature(evaluation.model, evaluation.fitted_temperature)
    return model


async def print_evaluation(command: CommandContext, evaluation: Evaluation, *, verdicts: bool) -> None:
    """Print the evaluation and, with `verdicts`, the owners' verdicts."""
    counts = await command.container.label_feedback().verdict_counts() if verdicts else None
    shape, text = evaluation_output.shape(evaluation), evaluation_output.text(evaluation)
    if counts is not None:
        shape["verdicts"] = [evaluation_output.verdict(count) for count in counts]
        text += "\n" + evaluation_output.verdicts(counts)
    command.out.print_result(shape, text)
