"""Draws a reliability diagram: accuracy against confidence. Importing it imports Matplotlib."""

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from domain.vision.evaluation import Evaluation, TemperatureResult
from entrypoints.cli.errors import Unwritable


def plot(evaluation: Evaluation, file: Path) -> None:
    """Draw two diagrams into a PNG: at the current temperature, and cross-validated at the fitted one. Raises
    `Unwritable`."""
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{evaluation.model} on {evaluation.count:,} images", fontsize=11)
    left, right = figure.subplots(1, 2, sharey=True)
    _draw(left, evaluation.as_served, f"current temperature: {evaluation.model.temperature:.2f}")
    fitted = evaluation.cross_validated
    _draw(right, fitted, f"cross-validated temperatures: {_temperatures(fitted)}")
    left.set_ylabel("accuracy")
    try:
        figure.savefig(file, format="png", dpi=150)
    except OSError as fault:
        raise Unwritable(f"{file} cannot be written: {fault.strerror}; give a path in a writable folder") from fault


def _draw(axes: Axes, result: TemperatureResult, title: str) -> None:
    error, style = result.calibration, _style(result)
    axes.plot((0, 1), (0, 1), color="0.6", linewidth=1, linestyle="--", label="perfect")
    axes.vlines(style["x"], style["y"], style["x"], color="C3", linewidth=1, label="gap")
    axes.scatter(style["x"], style["y"], s=style["area"], color="C0", zorder=3, label="bin (area: number of images)")
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.04), xlabel="confidence of the best class")
    low, high = error.confidence_interval
    axes.set_title(
        f"{title}\ncalibration error {error.error:.1%} ({low:.1%} to {high:.1%}), ideal {error.ideal_error:.1%}",
        fontsize=9,
    )
    axes.grid(visible=True, alpha=0.2)
    axes.legend(loc="upper left", fontsize=8, markerscale=0.6)


def _style(result: TemperatureResult) -> dict[str, Any]:
    total = sum(it.count for it in result.bins)
    return {
        "x": [it.confidence for it in result.bins],
        "y": [it.accuracy for it in result.bins],
        "area": [900 * it.count / total for it in result.bins],
    }


def _temperatures(result: TemperatureResult) -> str:
    return ", ".join(f"{one:.2f}" for one in result.temperatures)
