"""The sizes of the images and their limits, as docs/benchmarks/images.md."""

from dataclasses import dataclass
from pathlib import Path

from tests.images.engine import Docker

LIMITS = {"run": 450, "inference": 350}
_MB = 1_000_000
_HEAD = """# Container images

`make test-images` builds and tests every target of the Dockerfile,
{bases}. MB are millions of bytes as
`docker image inspect` counts them, uncompressed and with the base image.

| Image | MB | At most | Packages |
|---|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Weight:
    target: str
    megabytes: int
    packages: int

    @property
    def too_much(self) -> bool:
        return self.megabytes > LIMITS.get(self.target, self.megabytes)


def weight(docker: Docker, target: str, image: str) -> Weight:
    size = int(docker("image", "inspect", "--format", "{{.Size}}", image))
    count = "from importlib.metadata import distributions; print(sum(1 for _ in distributions()))"
    packages = docker("run", "--rm", "--network=none", image, "python", "-c", count)
    return Weight(target, round(size / _MB), int(packages))


def write(report: Path, weights: list[Weight], bases: str) -> None:
    rows = [f"| `{it.target}` | {it.megabytes} | {LIMITS.get(it.target, '')} | {it.packages} |" for it in weights]
    report.write_text(_HEAD.format(bases=bases) + "\n".join(rows) + "\n", encoding="utf-8")
