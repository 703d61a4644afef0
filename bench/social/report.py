"""The results as tables with targets, and as plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.social import searches
from bench.social.likes import CLIENTS, Rate
from bench.social.reads import SLOWEST
from bench.targets import Target, table

Samples = Mapping[str, list[float]]
RANKINGS = ("most liked", "most liked of the week", "trending")


@dataclass(frozen=True)
class Result:
    """`reads` in milliseconds and `searches`, by the number of posts; the rest is of the largest size. `likes` by name
    and number of clients. `costs` are per million (gigabytes, CPU seconds)."""

    reads: Mapping[int, Samples]
    searches: Mapping[int, Samples]
    likes: Mapping[str, Mapping[int, list[Rate]]]
    rest: Samples
    costs: Mapping[str, tuple[float, float]]

    @property
    def smallest(self) -> int:
        return min(self.reads)

    @property
    def largest(self) -> int:
        return max(self.reads)


def _ratios(ones: list[float], others: list[float]) -> list[float]:
    return [one / other for one, other in zip(ones, others, strict=True)]


def targets(result: Result) -> list[Target]:
    reads, small, rest = result.reads[result.largest], result.reads[result.smallest], result.rest
    found = [
        Target("GROUP BY / most liked, in the database", _ratios(reads["group by"], reads["most liked"]), 500),
        Target("GROUP BY / most liked, over REST", rest["most liked, peer / ours"], 200),
    ]
    for name in RANKINGS:
        sizes = f"{name}: {result.largest:,} posts / {result.smallest:,}"
        found.append(Target(sizes, _ratios(reads[name], small[name]), 1.5, at_most=True))
        found += [
            Target(f"{name}, {page}, ms", reads[f"{name}, {page}"], 12, at_most=True)
            for page in ("page 2", SLOWEST)
            if f"{name}, {page}" in reads
        ]
    return [
        *found,
        *_home_targets(reads),
        *_like_targets(result),
        *(target for size in sorted(result.searches) for target in _search_targets(size, result.searches[size])),
        Target("GET /v1/posts/{id} / a raw select behind a route", rest["post, ours / peer"], 0.7),
        Target("upload of 12 megapixels / decode and renditions", rest["upload, ours / limit"], 1.2, at_most=True),
        Target("API process, MB", rest["resident, MB"], 200, at_most=True),
        Target("tintype --help, s", rest["--help, s"], 0.4, at_most=True),
    ]


def _home_targets(reads: Samples) -> list[Target]:
    names = [name for name in reads if name.startswith("home, 5,000 ") and "page" not in name]
    return [Target(f"{name}, ms", reads[name], 10, at_most=True) for name in names]


def _like_targets(result: Result) -> list[Target]:
    hot, spread = (result.likes[f"batched, {where}"] for where in ("one hot post", "spread over many"))
    per_second = [[rate.per_second for rate in rates[16]] for rates in (hot, spread)]
    return [
        Target("one like, hot post, 1 client, ms", [rate.p50 for rate in hot[1]], 0.8, at_most=True),
        Target("one like, many posts, 1 client, ms", [rate.p50 for rate in spread[1]], 0.8, at_most=True),
        Target("likes: hot post / spread, in the database, 16 clients", _ratios(*per_second), 0.8),
        Target("likes: hot post / spread, over REST, 48 connections", result.rest["likes, hot / spread"], 0.8),
    ]


def _search_targets(size: int, found: Samples) -> list[Target]:
    limits = {"rare": 5, "common": 50, "pages": 2, "indexing": 20}
    return [
        Target(f"{size:,} posts: {name}", found[name], limits[key], at_most=True)
        for key, name in searches.NAMES.items()
        if key in limits
    ]


def render(result: Result, machine: list[str]) -> str:
    return "\n".join(
        [
            "# Social graph",
            "",
            "`make bench-social`: sample data with a power law, the embedded PostgreSQL with its defaults,",
            "everything on the same cores. Five rounds; both sides of a ratio take turns. A target is met if",
            "the worst round meets it.",
            "",
            *table(targets(result)),
            "",
            *machine,
            "",
            *_sizes("## Pages of 20, milliseconds", "By the adapters, without HTTP.", result.reads),
            *_sizes("## Search", "By the adapter, without HTTP; medians.", result.searches),
            *_likes(result),
            f"## A million of each, {result.largest:,} posts",
            "",
            "| | GB on disk, with indexes | CPU seconds |",
            "|---|---|---|",
            *(
                f"| {name} | {size:.2f} | {f'{seconds:,.0f}' if seconds else ''} |"
                for name, (size, seconds) in result.costs.items()
            ),
        ]
    )


def _sizes(heading: str, text: str, samples: Mapping[int, Samples]) -> list[str]:
    sizes = sorted(samples)
    lines = [heading, "", text, "", "| | " + " | ".join(f"{size:,} posts" for size in sizes) + " |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    for name in samples[max(sizes)]:
        columns = (samples[size].get(name) for size in sizes)
        lines.append(
            f"| {name} | " + " | ".join(f"{median(column):.2f}" if column else "" for column in columns) + " |"
        )
    return [*lines, ""]


def _likes(result: Result) -> list[str]:
    lines = [f"## Likes per second, {result.largest:,} posts", ""]
    lines += [
        "| | " + " | ".join(f"{clients} clients" for clients in CLIENTS) + " |",
        "|---" * (len(CLIENTS) + 1) + "|",
    ]
    for name, by_clients in result.likes.items():
        columns = (f"{_per_second(by_clients[clients]):,.0f}" for clients in CLIENTS)
        lines.append(f"| {name} | " + " | ".join(columns) + " |")
    return [*lines, ""]


def _per_second(rates: list[Rate]) -> float:
    return median(rate.per_second for rate in rates)


def plot(result: Result, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (sizes, clients) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name in (one for one in result.reads[result.largest] if "page" not in one):
        points = sorted(result.reads)
        sizes.plot(points, [median(result.reads[size][name]) for size in points], marker="o", label=name)
    sizes.set(xscale="log", yscale="log", xlabel="posts", ylabel="milliseconds a page")
    sizes.legend(fontsize="x-small")
    for name, by_clients in result.likes.items():
        style = "-" if name.startswith("batched") else "--"
        rates = [_per_second(of_clients) for of_clients in by_clients.values()]
        clients.plot(list(by_clients), rates, style, marker="o", label=name)
    clients.set(xscale="log", xlabel="clients at once", ylabel="likes a second", ylim=0)
    clients.set_xticks(CLIENTS, [str(number) for number in CLIENTS])
    clients.legend(fontsize="x-small")
    figure.savefig(path, dpi=120)
