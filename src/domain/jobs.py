"""Jobs: work that starts after a commit. They are enqueued in the same transaction and run by a worker."""

from abc import abstractmethod
from asyncio import Event
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.ids import EmailId, ImageId
from domain.tracing import TraceContext, current_trace
from domain.understanding import MAX_WAITING, Task


@dataclass(frozen=True, slots=True)
class Job:
    """A request to process an image. The understanding row says whether a task is due. `turn` is the number of images
    of the same owner that wait before this one. Lower turns run first, so that owners with many images do not delay
    others. `trace` is the trace of the request that made it."""

    task: Task
    image_id: ImageId
    turn: int = field(default=0, compare=False)
    trace: TraceContext = field(default_factory=current_trace.get, compare=False)

    def __str__(self) -> str:
        return f"{self.task} of image {self.image_id}"


@dataclass(frozen=True, slots=True)
class EmailJob:
    """A request to send an e-mail. Its row says whether it is due. No image delays it."""

    email_id: EmailId
    turn: int = field(default=-1, compare=False)
    trace: TraceContext = field(default_factory=current_trace.get, compare=False)

    def __str__(self) -> str:
        return f"e-mail {self.email_id}"


@dataclass(frozen=True, slots=True)
class ScreeningJob:
    """A request to screen an image. It runs before captions, because nobody sees the image until then."""

    image_id: ImageId
    turn: int = field(default=-1, compare=False)
    trace: TraceContext = field(default_factory=current_trace.get, compare=False)

    def __str__(self) -> str:
        return f"screening of image {self.image_id}"


@dataclass(frozen=True, slots=True)
class BlocklistJob:
    """A request to compare new entries of the blocklist with the stored images."""

    turn: int = field(default=0, compare=False)
    trace: TraceContext = field(default_factory=current_trace.get, compare=False)

    def __str__(self) -> str:
        return "comparison of the blocklist with the stored images"


@dataclass(frozen=True, slots=True)
class DetectionJob:
    """A request to rate how sensitive an image is. It runs after all other jobs that are not batched."""

    image_id: ImageId
    turn: int = field(default=MAX_WAITING, compare=False)
    trace: TraceContext = field(default_factory=current_trace.get, compare=False)

    def __str__(self) -> str:
        return f"detection of sensitive media in image {self.image_id}"


QueuedJob = Job | EmailJob | ScreeningJob | BlocklistJob | DetectionJob


def kind_of(job: QueuedJob) -> str:
    """Return the kind of work, without its subject."""
    match job:
        case EmailJob():
            return "e-mail"
        case ScreeningJob():
            return "screening"
        case BlocklistJob():
            return "blocklist"
        case DetectionJob():
            return "detection"
        case _:
            return job.task.value


BATCH_SIZE = 50
"""The maximum number of jobs that are handled together."""


def is_batched(job: QueuedJob) -> bool:
    """Whether a worker handles the job together with others of its kind."""
    return isinstance(job, Job) and job.task is Task.CLASSIFICATION


Handle = Callable[[Sequence[QueuedJob]], Awaitable[None]]
"""Handles one job, or up to `BATCH_SIZE` batched ones."""


class Jobs(Protocol):
    """The queue, as a unit of work uses it."""

    @abstractmethod
    async def enqueue(self, *jobs: QueuedJob) -> None:
        """Enqueue these jobs when the unit of work commits. A job that is already waiting is not added again."""


class Queue(Protocol):
    """The queue, as a worker uses it. Batched jobs (`is_batched`) and the others are ordered by `turn`, then by their
    time of arrival. Neither kind waits for the other."""

    @abstractmethod
    async def work(self, handle: Handle, stop: Event) -> None:
        """Pass the jobs to `handle` (several calls at once) until `stop` is set, then finish the running ones and
        return. Batched jobs that wait at the same time are passed together; one that waits alone is passed at once.

        Delivery is at least once, so `handle` must be idempotent. An error in `handle` is logged and its jobs are
        dropped: their rows remain and the sweep enqueues the jobs again.
        """

    @abstractmethod
    async def drain(self, handle: Handle) -> int:
        """Pass all waiting jobs, and those enqueued meanwhile, to `handle`. Return their number. For callers without a
        worker."""
