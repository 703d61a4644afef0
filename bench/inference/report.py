"""The results as a table with targets, and as a plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """Medians and all rounds, by name, in images per second, milliseconds or megabytes."""

    medians: Mapping[str, float]
    rounds: Mapping[str, Sequence[float]]
    cores: int


@dataclass(frozen=True)
class Mark:
    what: str
    found: float
    wanted: float
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted


def marks(found: Mapping[str, float]) -> list[Mark]:
    """Ratios of measurements of the same run."""
    return [
        Mark("fp32 served / limit with decoding, 16 connections", found["ours fp32, 16"] / found["limit fp32"], 0.95),
        Mark("int8 served / peer fp32, 16 connections", found["ours int8, 16"] / found["peer fp32, 16"], 1.6),
        Mark("int8 served / its own limit, 16 connections", found["ours int8, 16"] / found["limit int8"], 0.9),
        Mark("fp32, 1 connection: p50 / decode + run", found["ours fp32, 1 p50"] / found["one image fp32"], 1.25, True),
        Mark("peak memory of the service, MB", max(found["ours fp32 memory"], found["ours int8 memory"]), 250, True),
    ]


def write(result: Result, report: Path | None) -> None:
    text = _table(result)
    print(text)
    if report is not None:
        report.with_suffix(".md").write_text(text + "\n")
        _plot(result, report.with_suffix(".png"))


def _table(result: Result) -> str:
    found = result.medians
    rounds = len(next(iter(result.rounds.values())))
    lines = [
        "# Inference over HTTP",
        "",
        f"Medians of {rounds} rounds, everything in turn, on {result.cores} cores; made by `make bench-inference`.",
        "64 different photographs of about 500 × 375, the top five as JSON. Only ratios of one run count.",
        "",
        "| | 1 connection, images/s | p50, ms | 16 connections, images/s | p99, ms | peak memory, MB |",
        "|---|---|---|---|---|---|",
    ]
    for name in ("ours fp32", "ours int8", "peer fp32"):
        columns = (", 1", ", 1 p50", ", 16", ", 16 p99", " memory")
        lines.append(f"| {name} | " + " | ".join(f"{found[name + column]:.1f}" for column in columns) + " |")
    for precision in ("fp32", "int8"):
        one, many = found[f"one image {precision}"], found[f"limit {precision}"]
        lines += [f"| limit {precision}: Pillow and ONNX Runtime, no server | | {one:.1f} | {many:.1f} | | |"]
    lines += ["", "| Measurement | Result | Target | |", "|---|---|---|---|"]
    for mark in marks(found):
        sign = "≤" if mark.at_most else "≥"
        lines.append(
            f"| {mark.what} | {mark.found:.2f} | {sign} {mark.wanted:g} | {'met' if mark.is_met else 'missed'} |"
        )
    return "\n".join(lines)


def _plot(result: Result, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = ["limit fp32", "ours fp32, 16", "peer fp32, 16", "limit int8", "ours int8, 16"]
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for place, name in enumerate(names):
        colour = "0.6" if name.startswith("limit") else "C1" if name.startswith("peer") else "C0"
        axes.barh(place, result.medians[name], color=colour)
        axes.plot(result.rounds[name], [place] * len(result.rounds[name]), "k.", markersize=3)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("images a second; dots are the rounds")
    figure.savefig(path, dpi=120)
