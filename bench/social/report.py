"""The results as tables with targets, and as plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.social.likes import CLIENTS
from bench.social.reads import FAR_PAGE

Reads = Mapping[int, Mapping[str, float]]
Likes = Mapping[str, Mapping[int, float]]


@dataclass(frozen=True)
class Result:
    """`reads` in milliseconds and `likes` per second, by the number of posts. `rest`, and `costs` per million
    (gigabytes, CPU seconds), are of the largest size."""

    reads: Reads
    likes: Mapping[int, Likes]
    rest: Mapping[str, float]
    costs: Mapping[str, tuple[float, float]]

    @property
    def smallest(self) -> int:
        return min(self.reads)

    @property
    def largest(self) -> int:
        return max(self.reads)


@dataclass(frozen=True)
class Mark:
    what: str
    found: float
    wanted: float
    at_most: bool = False

    @property
    def row(self) -> str:
        met = self.found <= self.wanted if self.at_most else self.found >= self.wanted
        sign = "≤" if self.at_most else "≥"
        return f"| {self.what} | {self.found:.3g} | {sign} {self.wanted:.3g} | {'met' if met else 'missed'} |"


def marks(result: Result) -> list[Mark]:
    reads, small, rest = result.reads[result.largest], result.reads[result.smallest], result.rest
    likes = result.likes[result.largest]
    hot, spread = (likes[f"batched, {where}"][16] for where in ("one hot post", "spread over many"))
    found = [
        Mark("GROUP BY / most liked, in the database", reads["group by"] / reads["most liked"], 500),
        Mark("GROUP BY / most liked, over REST", rest["most liked, peer, ms"] / rest["most liked, ours, ms"], 200),
    ]
    for name in ("most liked", "trending"):
        most = max(2 * reads[name], 12.0)
        found += [
            Mark(f"{name}: {result.largest:,} posts / {result.smallest:,}", reads[name] / small[name], 1.5, True),
            Mark(f"{name}: page {FAR_PAGE}, ms", reads[f"{name}, page {FAR_PAGE}"], most, True),
        ]
    found += [
        Mark(f"{name}, ms", reads[name], 12, True)
        for name in reads
        if name.startswith("home, 5,000 ") and "page" not in name
    ]
    return [
        *found,
        Mark("likes: hot post / spread, in the database, 16 clients", hot / spread, 0.8),
        Mark(
            "likes: hot post / spread, over REST, 48 connections",
            rest["likes, one hot post"] / rest["likes, spread over many"],
            0.8,
        ),
        Mark("GET /v1/posts/{id} / a raw select behind a route", rest["post, ours"] / rest["post, peer"], 0.7),
        Mark(
            "upload of 12 megapixels / decode and renditions",
            rest["upload, ours, ms"] / rest["upload, limit, ms"],
            1.2,
            True,
        ),
        Mark("API process, MB", rest["resident, MB"], 200, True),
        Mark("tintype --help, s", rest["--help, s"], 0.4, True),
    ]


def render(result: Result) -> str:
    lines = [
        "# Social graph",
        "",
        "`make bench-social`: sample data with a power law, the embedded PostgreSQL with its defaults,",
        "everything on the same cores. Medians; compare only numbers of one run.",
        "",
        "| Measurement | Result | Target | |",
        "|---|---|---|---|",
        *(mark.row for mark in marks(result)),
        "",
        "## Pages of 20, milliseconds",
        "By the adapters, without HTTP. Page 2 of a ranking computes its order.",
        "",
        "| list | " + " | ".join(f"{size:,} posts" for size in sorted(result.reads)) + " |",
        "|---" * (len(result.reads) + 1) + "|",
    ]
    for name in result.reads[result.largest]:
        columns = (result.reads[size].get(name, 0.0) for size in sorted(result.reads))
        lines.append(f"| {name} | " + " | ".join(f"{value:.2f}" if value else "" for value in columns) + " |")
    for size, likes in sorted(result.likes.items()):
        lines += [
            "",
            f"## Likes a second, {size:,} posts",
            "| | " + " | ".join(f"{clients} clients" for clients in CLIENTS) + " |",
            "|---" * (len(CLIENTS) + 1) + "|",
        ]
        for name, by_clients in likes.items():
            lines.append(f"| {name} | " + " | ".join(f"{by_clients[clients]:,.0f}" for clients in CLIENTS) + " |")
    lines += ["", "## Over REST, the largest", "| | |", "|---|---|"]
    lines += [f"| {name} | {value:,.2f} |" for name, value in result.rest.items()]
    lines += ["", "## A million of each", "| | GB on disk, with indexes | CPU seconds |", "|---|---|---|"]
    lines += [
        f"| {name} | {size:.2f} | {f'{seconds:,.0f}' if seconds else ''} |"
        for name, (size, seconds) in result.costs.items()
    ]
    return "\n".join(lines)


def plot(result: Result, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (sizes, clients) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    largest = result.reads[result.largest]
    for name in (one for one in largest if "page" not in one):
        points = sorted(result.reads)
        sizes.plot(points, [result.reads[size][name] for size in points], marker="o", label=name)
    sizes.set(xscale="log", yscale="log", xlabel="posts", ylabel="milliseconds a page")
    sizes.legend(fontsize="x-small")
    for name, by_clients in result.likes[result.largest].items():
        style = "-" if name.startswith("gathered") else "--"
        clients.plot(list(by_clients), list(by_clients.values()), style, marker="o", label=name)
    clients.set(xscale="log", xlabel="clients at once", ylabel="likes a second", ylim=0)
    clients.set_xticks(CLIENTS, [str(number) for number in CLIENTS])
    clients.legend(fontsize="x-small")
    figure.savefig(path, dpi=120)
