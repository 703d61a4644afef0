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
from entrypoints.cli.labelled_images import NoSamples, labelled_files
from entrypoints.cli.progress import progress

MIN_PICTURES = 100
"""Pictures that a temperature is fitted on: of fewer it would be chance."""


class NotFitted(Invalid):
    """The temperature is not one to keep."""

    code = "not_fitted"


class NoPlots(Invalid):
    """This installation cannot draw."""

    code = "no_plots"


def require_plots() -> None:
    """Raises `NoPlots` where Matplotlib is not installed, as in the container images."""
    if find_spec("matplotlib") is None:
        raise NoPlots(
            "--plot needs the package matplotlib, which the container images leave out;"
            " leave --plot out, or run this in a checkout after `make setup`"
        )


async def evaluate_folder(command: CommandContext, folder: Path) -> Evaluation:
    """The model on the pictures that the folder's `labels.csv` names. Raises `FileMissing`, `NoSamples`, and what the
    classifier raises."""
    labelled = labelled_files(folder)
    with progress("Evaluating", len(labelled)) as advance:

        async def pictures() -> AsyncIterator[tuple[bytes, int]]:
            for file, truth in labelled:
                yield await read_file(file), truth
                advance(file.name)

        found = await command.container.evaluating().evaluate(pictures())
    if found is None:
        raise NoSamples(f"{folder / 'labels.csv'} names no picture; its lines are file,class_index")
    return found


def save_temperature(command: CommandContext, found: Evaluation) -> Model:
    """Keep the fitted temperature with the model. Raises `NotFitted`, `UnusableModel`."""
    if found.count < MIN_PICTURES:
        raise NotFitted(
            f"{found.count} pictures are too few to fit a temperature on; label at least {MIN_PICTURES}",
            limit=MIN_PICTURES,
            actual=found.count,
        )
    model: Model = command.container.model_store().save_temperature(found.model, found.fitted_temperature)
    return model


async def print_evaluation(command: CommandContext, found: Evaluation, *, verdicts: bool) -> None:
    """The evaluation and, with `verdicts`, what owners say."""
    counts = await command.container.label_feedback().verdict_counts() if verdicts else None
    shape, text = evaluation_output.shape(found), evaluation_output.text(found)
    if counts is not None:
        shape["verdicts"] = [evaluation_output.verdict(count) for count in counts]
        text += "\n" + evaluation_output.verdicts(counts)
    command.out.print_result(shape, text)
