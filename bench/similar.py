"""Similar images by the index against the exact answer, at three shares of visible posts.

`python -m bench.similar [REPORT]` (`make bench-similar`): 20,000 non-negative embeddings in 400 clusters, as a network
produces.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from uuid import UUID

import asyncpg
import numpy as np
from numpy.typing import NDArray

from adapters.embedded.server import EmbeddedPostgres
from adapters.postgres.database import Database
from adapters.postgres.migrations import PostgresMigrations
from adapters.postgres.similar_post_reader import PostgresSimilarPostReader
from bench.machine import QuietMachine
from bench.targets import ROUNDS, Target, table

COUNT, CLUSTERS, SIZE, QUERIES, TOP = 20_000, 400, 1280, 60, 10
SHARES = (1.0, 0.1, 0.01)
RECALL = 0.95
MODEL = "bench@1"


@dataclass(frozen=True)
class Measurement:
    """One share of visible posts: recall and milliseconds of each round."""

    share: float
    recalls: list[float]
    milliseconds: list[float]


def embeddings() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    centres = np.maximum(rng.normal(size=(CLUSTERS, SIZE)), 0)
    vectors = centres[rng.integers(CLUSTERS, size=COUNT)] + 0.5 * rng.normal(size=(COUNT, SIZE))
    return np.maximum(vectors, 0).astype(np.float32)


def image_id(number: int) -> UUID:
    return UUID(int=number << 80 | 7 << 76 | 2 << 62 | 3)


def post_id(number: int) -> UUID:
    return UUID(int=number << 80 | 7 << 76 | 2 << 62 | 2)


async def fill(url: str, vectors: NDArray[np.float32]) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("drop index embeddings_embedding_idx")
    await connection.execute(
        "insert into users (id, username, email, password_hash, display_name, created_at) "
        "values ('00000000-0000-7000-8000-000000000001', 'ada', 'ada@example.org', 'x', 'Ada', now())"
    )
    numbers = range(1, COUNT + 1)
    await connection.execute(
        "insert into posts (id, author_id, text, trending_key, created_at) "
        "select id, '00000000-0000-7000-8000-000000000001', '', 0, now() from unnest($1::uuid[]) as id",
        [post_id(number) for number in numbers],
    )
    await connection.execute(
        "insert into images (id, owner_id, post_id, position, original, width, height, content_type, thumb_key, "
        "thumb_type, medium_key, medium_type, large_key, large_type, placeholder, created_at) "
        "select image, '00000000-0000-7000-8000-000000000001', post, 0, sha256(image::text::bytea), 1, 1, 'image/png', "
        "sha256('t'), 'image/jpeg', sha256('m'), 'image/jpeg', sha256('l'), 'image/jpeg', '', now() "
        "from unnest($1::uuid[], $2::uuid[]) as pairs (image, post)",
        [image_id(number) for number in numbers],
        [post_id(number) for number in numbers],
    )
    await connection.executemany(
        "insert into embeddings (image_id, model, embedding) values ($1, $2, $3::real[]::halfvec)",
        [(image_id(number), MODEL, vectors[number - 1].tolist()) for number in numbers],
    )
    await connection.execute("set maintenance_work_mem = '1GB'")
    index = "embeddings_embedding_idx on embeddings using hnsw (embedding halfvec_cosine_ops)"
    await connection.execute(f"create index {index}")
    await connection.close()


async def show(url: str, share: float) -> NDArray[np.bool_]:
    """Let strangers see this share of the posts only."""
    seen = np.random.default_rng(1).random(COUNT) < share
    connection = await asyncpg.connect(url)
    hidden = [post_id(int(number) + 1) for number in np.flatnonzero(~seen)]
    await connection.execute("update posts set audience = 'public' where audience <> 'public'")
    await connection.execute("update posts set audience = 'followers' where id = any($1::uuid[])", hidden)
    await connection.execute("vacuum analyze")
    await connection.close()
    return seen


async def measure(url: str, vectors: NDArray[np.float32]) -> list[Measurement]:
    database = Database(url)
    reader, measurements = PostgresSimilarPostReader(database), []
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for share in SHARES:
        seen = await show(url, share)
        rounds = [await _measure_once(reader, vectors, unit, seen, seed) for seed in range(ROUNDS)]
        recalls, milliseconds = (list(values) for values in zip(*rounds, strict=True))
        measurements.append(Measurement(share, recalls, milliseconds))
    await database.close()
    return measurements


async def _measure_once(
    reader: PostgresSimilarPostReader,
    vectors: NDArray[np.float32],
    unit: NDArray[np.float32],
    seen: NDArray[np.bool_],
    seed: int,
) -> tuple[float, float]:
    """The mean recall and the median milliseconds of some queries."""
    recalls, durations = [], []
    generator = np.random.default_rng([2, seed])
    for number in generator.integers(COUNT, size=QUERIES):
        query = vectors[number] + 0.2 * np.abs(generator.normal(size=SIZE)).astype(np.float32)
        began = time.perf_counter()
        answer = (await reader.of_embedding(tuple(query.tolist()), MODEL, None, TOP)).posts
        durations.append((time.perf_counter() - began) * 1000)
        distances = np.where(seen, 1 - unit @ (query / np.linalg.norm(query)), np.inf)
        exact = {image_id(int(place) + 1) for place in np.argsort(distances)[:TOP]}
        recalls.append(len(exact & {one.image_id for one in answer}) / TOP)
    return mean(recalls), median(durations)


def render_report(measurements: list[Measurement], machine: list[str]) -> str:
    recalls = [Target(f"recall, {one.share:.0%} visible", one.recalls, RECALL) for one in measurements]
    lines = [
        "# Similar images",
        "",
        f"Recall@{TOP} of the index against the exact answer, {COUNT:,} embeddings in {CLUSTERS} clusters, {ROUNDS}",
        f"rounds of {QUERIES} queries; made by `make bench-similar`. Milliseconds are the medians of a whole answer.",
        "",
        *table(recalls),
        "",
        "| Visible | Milliseconds: minimum | Median | Maximum |",
        "|---|---|---|---|",
    ]
    for one in measurements:
        low, middle, high = min(one.milliseconds), median(one.milliseconds), max(one.milliseconds)
        lines.append(f"| {one.share:.0%} | {low:.1f} | {middle:.1f} | {high:.1f} |")
    return "\n".join([*lines, "", *machine])


async def run(url: str) -> list[Measurement]:
    migrations = PostgresMigrations(Database(url))
    await migrations.upgrade()
    vectors = embeddings()
    await fill(url, vectors)
    return await measure(url, vectors)


def main(report: Path | None) -> None:
    machine = QuietMachine()
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)  # as root, the server runs as another user
    with EmbeddedPostgres(home) as server:
        measurements = asyncio.run(run(server.url))
    machine.finish()
    text = render_report(measurements, machine.lines)
    print(text)
    if report is not None:
        report.write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
