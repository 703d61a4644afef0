"""A reliability diagram: accuracy against confidence. Importing it imports Matplotlib."""

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from domain.vision.evaluation import Evaluation, TemperatureResult
from entrypoints.cli.errors import Unwritable


def plot(found: Evaluation, file: Path) -> None:
    """Draw the model at its own temperature and, with each half at the other's, at the fitted one, into a PNG. Raises
    `Unwritable`."""
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{found.model} on {found.count:,} pictures", fontsize=11)
    left, right = figure.subplots(1, 2, sharey=True)
    _draw(left, found.as_served, f"in use: temperature {found.model.temperature:.2f}")
    _draw(
        right, found.cross_validated, "fitted on one half, graded on the other: " + _temperatures(found.cross_validated)
    )
    left.set_ylabel("share that is right")
    try:
        figure.savefig(file, format="png", dpi=150)
    except OSError as fault:
        raise Unwritable(f"{file} cannot be written: {fault.strerror}; give a path in a folder of yours") from fault


def _draw(axes: Axes, found: TemperatureResult, title: str) -> None:
    error, style = found.calibration, _style(found)
    axes.plot((0, 1), (0, 1), color="0.6", linewidth=1, linestyle="--", label="perfect")
    axes.vlines(style["x"], style["y"], style["x"], color="C3", linewidth=1, label="gap")
    axes.scatter(style["x"], style["y"], s=style["area"], color="C0", zorder=3, label="bin, area as its pictures")
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.04), xlabel="confidence of the best class")
    low, high = error.confidence_interval
    axes.set_title(
        f"{title}\ncalibration error {error.error:.1%} ({low:.1%} to {high:.1%}), if perfect {error.ideal_error:.1%}",
        fontsize=9,
    )
    axes.grid(visible=True, alpha=0.2)
    axes.legend(loc="upper left", fontsize=8, markerscale=0.6)


def _style(found: TemperatureResult) -> dict[str, Any]:
    total = sum(it.count for it in found.bins)
    return {
        "x": [it.confidence for it in found.bins],
        "y": [it.accuracy for it in found.bins],
        "area": [900 * it.count / total for it in found.bins],
    }


def _temperatures(found: TemperatureResult) -> str:
    return ", ".join(f"{one:.2f}" for one in found.temperatures)
