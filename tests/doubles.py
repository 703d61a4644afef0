"""Test doubles with controls that the memory adapters lack."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import shake_256

from adapters.memory.downloader import MemoryModelDownloader
from domain.captions import CallTerms, CaptionDraft, CaptionWriter, ModelTags, Source, Suggestion, TokenUsage
from domain.clock import Clock
from domain.vision import EMBEDDING_SIZE, Embedding, ImageClassifier, Label, Model, ModelMissing, Prediction
from domain.vision.conversion import ProgressReporter
from domain.vision.model_fetch import DownloadedModel, ModelDownloader
from domain.vision.model_source import ModelSource


class StoppedClock(Clock):
    """A clock that moves only by `advance`."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class ScriptedClassifier(ImageClassifier):
    """Returns the entries of its script, one per call: labels, or an error to raise. The last entry repeats."""

    def __init__(
        self, *script: Sequence[Label] | Exception, version: str | None = "v1", temperature: float = 1.0
    ) -> None:
        self._script = list(script)
        self.version = version
        self.temperature = temperature
        self.seen = 0

    def set_script(self, *script: Sequence[Label] | Exception) -> None:
        """Replace the script."""
        self._script = list(script)

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        model = await self.model()
        if model is None:
            raise ModelMissing("no model is installed", retry_after=1)
        self.seen += 1
        step = self._script[0] if len(self._script) == 1 else self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        return Prediction(model, tuple(step)[:top], embedding_of(data))

    async def model(self) -> Model | None:
        return Model("scripted", self.version, "cpu", self.temperature) if self.version else None


class HangingClassifier(ScriptedClassifier):
    """While `hang` runs, calls never end, as in a process that was killed."""

    def __init__(self, *script: Sequence[Label] | Exception) -> None:
        super().__init__(*script)
        self._arrivals: asyncio.Queue[None] | None = None

    async def hang(self, count: int) -> None:
        """Let the next `count` calls hang. Return when they do."""
        self._arrivals = asyncio.Queue()
        for _ in range(count):
            await self._arrivals.get()
        self._arrivals = None

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        if self._arrivals is not None:
            self._arrivals.put_nowait(None)
            await asyncio.Event().wait()
        return await super().classify(data, top)


class ScriptedCaptionWriter(CaptionWriter):
    """Records the labels of its calls."""

    def __init__(self, *, needs_labels: bool) -> None:
        self._needs_labels = needs_labels
        self.calls: list[tuple[str, ...]] = []

    @property
    def service_name(self) -> None:
        return None

    @property
    def needs_labels(self) -> bool:
        return self._needs_labels

    @property
    def terms(self) -> CallTerms | None:
        return None

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:
        self.calls.append(tuple(label.name for label in labels))
        return CaptionDraft(Suggestion(f"draft {len(self.calls)}", Source.MODEL, "scripted-1", "test/1"))


class PaidCaptionWriter(CaptionWriter):
    """Returns the entries of its script, one per call: a draft, or an error to raise. The last entry repeats. Without a
    script, it returns numbered drafts, each for 1,000 tokens in and 100 out. `gate` delays its answers."""

    def __init__(self, *script: CaptionDraft | Exception) -> None:
        self._script = list(script)
        self.calls = 0
        self.started, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()

    @property
    def service_name(self) -> str:
        return "captions.example"

    @property
    def needs_labels(self) -> bool:
        return False

    @property
    def terms(self) -> CallTerms:
        return CallTerms("paid-1", "test/1", TokenUsage(2_000, 500))

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:
        self.calls += 1
        said = self.calls
        self.started.set()
        await self.gate.wait()
        if not self._script:
            return self.draft(f"paid draft {said}")
        step = self._script[0] if len(self._script) == 1 else self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    @staticmethod
    def draft(text: str, *tags: str) -> CaptionDraft:
        said = ModelTags(tags, "paid-1", "test/1") if tags else None
        return CaptionDraft(Suggestion(text, Source.MODEL, "paid-1", "test/1"), said, TokenUsage(1_000, 100))


def embedding_of(data: bytes) -> Embedding:
    """Equal bytes have equal embeddings, others different ones."""
    return tuple(byte / 255 for byte in shake_256(data).digest(EMBEDDING_SIZE))


def label(name: str, score: float, class_index: int = 207, tags: tuple[str, ...] = ()) -> Label:
    return Label(key=f"n{class_index:08d}", name=name, class_index=class_index, score=score, tags=tags)


class ScriptedDownloader(ModelDownloader):
    """Returns for each URL the entries of its script, one per request: a graph, or an error to raise. The last one
    repeats."""

    def __init__(self, scripts: Mapping[str, Sequence[bytes | BaseException]]) -> None:
        self._scripts = {url: list(script) for url, script in scripts.items()}
        self.requests: list[str] = []

    @asynccontextmanager
    async def download(self, source: ModelSource, report: ProgressReporter) -> AsyncIterator[DownloadedModel]:
        self.requests.append(source.url)
        script = self._scripts[source.url]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, BaseException):
            raise answer
        async with MemoryModelDownloader({source.url: answer}).download(source, report) as download:
            yield download
