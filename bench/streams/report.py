"""The results as tables with targets."""

from dataclasses import dataclass
from statistics import median

from bench.targets import ROUNDS, Comparison, Target, overview, table
from domain import rate_limits

STREAMS = 1_000
MOST_OF_A_USER = rate_limits.STREAMS.slots
SECONDS = 30.0
"""The length of a period, with at least one heartbeat of each stream."""
ARRIVALS = 12
"""Follows in each round."""
MAX_CORE, MAX_STATEMENTS, MAX_ARRIVAL = 3.0, 20.0, 100.0


@dataclass(frozen=True)
class Idle:
    """Percent of one core of both servers, and statements per second of Tintype, in one period."""

    core: float
    bare_core: float
    statements: float


@dataclass(frozen=True)
class Arrivals:
    """Medians of one round in milliseconds: from a follow to its notification, and to the response."""

    notified: float
    answered: float


def targets(idle: list[Idle], arrivals: list[Arrivals]) -> list[Target]:
    notified = [one.notified for one in arrivals]
    return [
        Target("percent of one core", [one.core for one in idle], MAX_CORE, at_most=True),
        Target("statements per second", [one.statements for one in idle], MAX_STATEMENTS, at_most=True),
        Target("ms until a notification arrives, p50", notified, MAX_ARRIVAL, at_most=True),
    ]


def comparisons(idle: list[Idle], arrivals: list[Arrivals]) -> list[Comparison]:
    core, bare = median(one.core for one in idle), median(one.bare_core for one in idle)
    notified, answered = median(one.notified for one in arrivals), median(one.answered for one in arrivals)
    return [
        Comparison(
            f"{STREAMS:,} idle event streams",
            f"{core:.2g} % of a core",
            [one.core / one.bare_core for one in idle],
            f"{bare:.2g} % of a core",
        ),
        Comparison(
            "Notification on a stream",
            f"{notified:.0f} ms",
            [one.notified / one.answered for one in arrivals],
            f"{answered:.0f} ms (response of the request)",
        ),
    ]


def report(idle: list[Idle], arrivals: list[Arrivals], machine: list[str]) -> str:
    lines = [
        "# Event streams",
        "",
        f"`make bench-streams`: {STREAMS:,} idle streams of {STREAMS // MOST_OF_A_USER} users at one process,",
        f"{ROUNDS} periods of {SECONDS:.0f} seconds; then {ROUNDS} rounds of {ARRIVALS} follows, one after the",
        "other, with all streams open. The limit of the CPU time is an application of a few lines that",
        "sends the same heartbeats to as many streams at the same time. The limit of the latency is the",
        "response of the request that causes the notification.",
        "",
        *table(targets(idle, arrivals)),
        "",
        *overview(comparisons(idle, arrivals)),
        "",
        *machine,
    ]
    return "\n".join(lines) + "\n"
