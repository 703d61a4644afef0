"""A pool of decoding processes."""

import logging
import select
import time
from threading import BoundedSemaphore, Lock
from weakref import finalize

from adapters.decoding.idle import IDLE_TIMEOUT, IdleProcesses
from adapters.decoding.memory_budget import MemoryBudget
from adapters.decoding.processes import Process, Spawner
from adapters.decoding.protocol import DecodingTask, Frame, FrameKind, MalformedFrame, receive_frame, send_request
from adapters.decoding.refusals import death_error, refusal, timeout_error, unavailable_error, undecodable_error
from domain.errors import DomainError

MAX_PROCESSES = 16
"""The maximum number of processes. It exceeds the number of cores, so that slow images do not delay others, and the
number of large images uploaded at once, since most of these hold a process while they wait for memory."""
MEMORY_BUDGET = 448 << 20
"""Bytes for all images together."""
DEADLINE = 10.0
"""The longest decoding of one image, in seconds of wall-clock time. When it passes, the machine is busy: see
`PROCESSOR_SECONDS`."""
PROCESSOR_SECONDS = 8
"""The CPU time for one image. It is less than `DEADLINE`, to distinguish a costly image from a busy machine."""
SLOW_AFTER = 1.0
"""Seconds after which an image gets a lower priority."""
MAX_TASKS = 2_000
"""The number of images after which a process is replaced."""

logger = logging.getLogger("tintype.decoding")


class DecodingPool:
    """Starts processes on demand and reuses them. Thread-safe."""

    def __init__(
        self,
        processes: int = MAX_PROCESSES,
        memory: int = MEMORY_BUDGET,
        deadline: float = DEADLINE,
        processor_seconds: int = PROCESSOR_SECONDS,
        idle_timeout: float = IDLE_TIMEOUT,
    ) -> None:
        self.memory = MemoryBudget(memory)
        self.deadline = deadline
        self.processor_seconds = processor_seconds
        self._slots = BoundedSemaphore(processes)
        self._spawner = Spawner(deadline, processor_seconds)
        self._idle = IdleProcesses(self._spawner, idle_timeout)
        self._lock = Lock()
        self._is_reported = False
        finalize(self, _close, self._spawner, self._idle)

    def start(self) -> None:
        """Start loading the decoders, without waiting for them."""
        self._spawner.start()

    def new_decoding(self, task: DecodingTask, number: int, data: bytes) -> "Decoding":
        """The decoding of one image. It starts when its result is requested."""
        return Decoding(self, task, number, data)

    def decode(self, task: DecodingTask, number: int, data: bytes) -> Frame:
        """Run `task` on an image. Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `Unavailable`."""
        return self.new_decoding(task, number, data).result()

    def close(self) -> None:
        """End all processes; the next image starts new ones."""
        _close(self._spawner, self._idle)

    def acquire(self, *, wait: bool) -> Process | None:
        """Return a process, or None if none is free and `wait` is false. Raises `Unavailable`."""
        if not self._slots.acquire(blocking=wait):
            return None
        if (idle := self._idle.take()) is not None:
            return idle
        try:
            process = self._spawner.fork()
        except OSError as fault:
            self._slots.release()
            logger.error("%s", fault)  # noqa: TRY400 — a traceback would add nothing
            raise unavailable_error() from fault
        self._report(process)
        return process

    def release(self, process: Process, *, usable: bool) -> None:
        process.tasks += 1
        if usable and not process.is_slow and process.tasks < MAX_TASKS:
            self._idle.put(process)
        else:
            self._spawner.end(process)
        self._slots.release()

    def cause_of_death(self, process: Process) -> DomainError:
        """The error for a process that ended without an answer. Frees the slot of the process."""
        signal = self._spawner.reap(process)
        self._slots.release()
        return death_error(signal, self.processor_seconds, logger)

    def _report(self, process: Process) -> None:
        with self._lock:
            is_first, self._is_reported = not self._is_reported, True
        if is_first and process.missing:
            logger.warning("images are decoded without %s: this system does not have it", ", ".join(process.missing))


class Decoding:
    """The decoding of one image. Not thread-safe."""

    def __init__(self, pool: DecodingPool, task: DecodingTask, number: int, data: bytes) -> None:
        self._pool = pool
        self._task = task
        self._number = number
        self._data = data
        self._process: Process | None = None
        self._started_at = 0.0
        self._memory = 0
        self._wanted = 0

    def result(self) -> Frame:
        """Wait for the result. Raises the same errors as `DecodingPool.decode`."""
        frame = self.result_within(None)
        if frame is None:  # unreachable: there is no time limit
            raise AssertionError
        return frame

    def result_within(self, seconds: float | None) -> Frame | None:
        """Return None after `seconds` without a result; the caller then calls again or cancels."""
        until = None if seconds is None else time.monotonic() + seconds
        try:
            return self._advance(until)
        except BaseException:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Abandon the image, and end the process that decodes it."""
        self._finish(usable=False)

    def _advance(self, until: float | None) -> Frame | None:
        if self._process is None and not self._try_send(until):
            return None
        while True:
            if self._wanted and not self._try_admit(until):
                return None
            if not self._wait_readable(until):
                return None
            frame = self._receive()
            if frame.kind is not FrameKind.MEMORY:
                self._finish(usable=True)
                if frame.kind is FrameKind.DONE:
                    return frame
                raise refusal(frame, logger)
            self._wanted = self._requested_memory(frame)

    def _requested_memory(self, frame: Frame) -> int:
        """The amount in the frame. A process may ask for memory once per image."""
        wanted = frame.head.get("bytes")
        if self._memory or not isinstance(wanted, int) or wanted <= 0:
            raise undecodable_error()
        return wanted

    def _try_send(self, until: float | None) -> bool:
        self._process = self._pool.acquire(wait=until is None)
        if self._process is None:
            return False
        self._started_at = time.monotonic()
        try:
            send_request(self._process.socket, self._task, self._number, self._data)
        except OSError as fault:
            raise self._decoder_died_error() from fault
        return True

    def _try_admit(self, until: float | None) -> bool:
        if not self._pool.memory.acquire(self._wanted, wait=until is None):
            return False
        self._memory, self._wanted = self._wanted, 0
        self._started_at = time.monotonic()
        if self._process is not None:
            try:
                self._process.socket.sendall(b"\1")
            except OSError as fault:
                raise self._decoder_died_error() from fault
        return True

    def _wait_readable(self, until: float | None) -> bool:
        """Raises `Unavailable` after the deadline."""
        process = self._process
        if process is None:
            return False
        poller = select.poll()
        poller.register(process.socket, select.POLLIN)
        for stage, limit in (
            (SLOW_AFTER, self._started_at + SLOW_AFTER),
            (self._pool.deadline, self._started_at + self._pool.deadline),
        ):
            end = limit if until is None else min(limit, until)
            if poller.poll(max(0.0, end - time.monotonic()) * 1000):
                return True
            if until is not None and until <= limit:
                return False
            if stage is SLOW_AFTER:
                process.slow_down()
        raise timeout_error(self._pool.deadline, logger)

    def _receive(self) -> Frame:
        if self._process is None:
            raise AssertionError
        try:
            return receive_frame(self._process.socket)
        except MalformedFrame as fault:
            raise undecodable_error() from fault
        except (EOFError, OSError) as fault:
            raise self._decoder_died_error() from fault

    def _decoder_died_error(self) -> DomainError:
        if self._process is None:
            raise AssertionError
        process, self._process = self._process, None
        return self._pool.cause_of_death(process)

    def _finish(self, *, usable: bool) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            self._pool.release(process, usable=usable)
        if self._memory:
            self._pool.memory.release(self._memory)
            self._memory = 0


def _close(spawner: Spawner, idle: IdleProcesses) -> None:
    idle.close()
    spawner.close()
