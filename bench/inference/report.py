"""The results as a table with targets, and as a plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.targets import Comparison, Target, overview, table

SERVERS = ("Tintype fp32", "Tintype int8", "peer fp32")


@dataclass(frozen=True)
class Result:
    """All rounds, by name, in images per second, milliseconds or megabytes."""

    rounds: Mapping[str, Sequence[float]]
    cores: int

    def median(self, name: str) -> float:
        return median(self.rounds[name])

    def ratios(self, ours: str, theirs: str) -> list[float]:
        """Return one ratio of each round."""
        return [above / below for above, below in zip(self.rounds[ours], self.rounds[theirs], strict=True)]


def targets(result: Result) -> list[Target]:
    memory = [max(pair) for pair in zip(*(result.rounds[f"{name} memory"] for name in SERVERS[:2]), strict=True)]
    one_image = result.ratios("Tintype fp32, 1 p50", "one image fp32")
    return [
        Target("fp32 / limit with decoding, 16 connections", result.ratios("Tintype fp32, 16", "limit fp32"), 0.95),
        Target("int8 / limit with decoding, 16 connections", result.ratios("Tintype int8, 16", "limit int8"), 0.9),
        Target("int8 / peer fp32, 16 connections", result.ratios("Tintype int8, 16", "peer fp32, 16"), 1.6),
        Target("fp32, 1 connection: p50 / decode and run", one_image, 1.15, at_most=True),
        Target("peak memory of the service, MB", memory, 250, at_most=True),
    ]


def comparisons(result: Result) -> list[Comparison]:
    return [
        Comparison(
            f"Classification over HTTP, {precision}, 16 connections",
            f"{result.median(f'Tintype {precision}, 16'):,.0f} images/s",
            result.ratios(f"Tintype {precision}, 16", f"limit {precision}"),
            f"{result.median(f'limit {precision}'):,.0f} images/s",
            f"{result.median('peer fp32, 16'):,.0f} images/s (fp32)",
        )
        for precision in ("fp32", "int8")
    ]


def write(result: Result, machine: list[str], report: Path | None) -> None:
    text = "\n".join([*_about(), *_medians(result), "", *table(targets(result)), "", *overview(comparisons(result))])
    text = "\n".join([text, "", *machine])
    print(text)
    if report is not None:
        report.with_suffix(".md").write_text(text + "\n")
        _plot(result, report.with_suffix(".png"))


def _about() -> list[str]:
    return [
        "# Inference over HTTP",
        "",
        "`make bench-inference`: 64 different photographs of about 500 × 375, the top five as JSON. Each",
        "round measures all sides, and the order changes from round to round. The limit decodes with Pillow",
        "and runs ONNX Runtime, one image per core, without a server. The peer is FastAPI with ONNX Runtime",
        "in its thread pool. The first table has medians. “Client” is the CPU time of the load generator",
        "for each image, which shares the cores with the server, but not with the limit.",
        "",
    ]


def _medians(result: Result) -> list[str]:
    lines = [
        "| | 1 connection, images/s | p50, ms | 16 connections, images/s | p99, ms | client, ms | peak memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in SERVERS:
        columns = (", 1", ", 1 p50", ", 16", ", 16 p99", ", 16 client", " memory")
        lines.append(f"| {name} | " + " | ".join(f"{result.median(name + column):.4g}" for column in columns) + " |")
    for precision in ("fp32", "int8"):
        one, many = result.median(f"one image {precision}"), result.median(f"limit {precision}")
        lines.append(f"| limit {precision} | | {one:.4g} | {many:.4g} | | | |")
    return lines


def _plot(result: Result, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = ["limit fp32", "Tintype fp32, 16", "peer fp32, 16", "limit int8", "Tintype int8, 16"]
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for place, name in enumerate(names):
        colour = "0.6" if name.startswith("limit") else "C1" if name.startswith("peer") else "C0"
        axes.barh(place, result.median(name), color=colour)
        axes.plot(result.rounds[name], [place] * len(result.rounds[name]), "k.", markersize=3)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("images a second; dots are the rounds")
    figure.savefig(path, dpi=120)
