"""The work of `tintype model evaluate`."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

from domain.errors import Invalid
from domain.evaluation import Evaluation
from domain.vision import Model
from entrypoints.cli import evaluation
from entrypoints.cli.desk import Desk
from entrypoints.cli.files import read
from entrypoints.cli.progress import progress
from entrypoints.cli.samples import NoSamples, samples

FEWEST = 100
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


async def evaluated(desk: Desk, folder: Path) -> Evaluation:
    """The model on the pictures that the folder's `labels.csv` names. Raises `FileMissing`, `NoSamples`, and what the
    classifier raises."""
    labelled = samples(folder)
    with progress("Evaluating", len(labelled)) as advance:

        async def pictures() -> AsyncIterator[tuple[bytes, int]]:
            for file, truth in labelled:
                yield await read(file), truth
                advance(file.name)

        found = await desk.container.evaluating().evaluate(pictures())
    if found is None:
        raise NoSamples(f"{folder / 'labels.csv'} names no picture; its lines are file,class_index")
    return found


def kept(desk: Desk, found: Evaluation) -> Model:
    """Keep the fitted temperature with the model. Raises `NotFitted`, `UnusableModel`."""
    if found.count < FEWEST:
        raise NotFitted(
            f"{found.count} pictures are too few to fit a temperature on; label at least {FEWEST}",
            limit=FEWEST,
            actual=found.count,
        )
    model: Model = desk.container.model_store().keep_temperature(found.model, found.fitted)
    return model


async def told(desk: Desk, found: Evaluation, *, verdicts: bool) -> None:
    """The evaluation and, with `verdicts`, what owners say."""
    counts = await desk.container.judging().verdicts() if verdicts else None
    shape, text = evaluation.shape(found), evaluation.text(found)
    if counts is not None:
        shape["verdicts"] = [evaluation.verdict(count) for count in counts]
        text += "\n" + evaluation.verdicts(counts)
    desk.out.tell(shape, text)
