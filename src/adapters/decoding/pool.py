"""A pool of decoding processes."""

import logging
import select
import time
from threading import BoundedSemaphore, Lock
from weakref import finalize

from adapters.decoding.idle import REST, IdleProcesses
from adapters.decoding.memory_budget import MemoryBudget
from adapters.decoding.processes import Process, Spawner
from adapters.decoding.protocol import DecodingTask, Frame, FrameKind, MalformedFrame, receive_frame, send_request
from adapters.decoding.refusals import busy, out_of_time, refusal, stopped, undecodable_error
from domain.errors import DomainError

MAX_PROCESSES = 16
"""Processes at most. More than cores, so that images made to be slow do not make others wait; and more than large
images that are uploaded together, most of which hold a process while they wait for memory."""
MEMORY_BUDGET = 448 << 20
"""Bytes for all images together."""
DEADLINE = 10.0
"""Seconds of the clock that one image may take. Behind them the machine is busy: see `PROCESSOR_SECONDS`."""
PROCESSOR_SECONDS = 8
"""That one image may take of a processor, whoever else uses the machine. Less than `DEADLINE`, so that an image that is
at fault is told from a busy machine."""
SLOW_AFTER = 1.0
"""Seconds after which an image has to let others go first."""
MAX_TASKS = 2_000
"""Images after which a process is replaced."""

log = logging.getLogger("tintype.decoding")


class DecodingPool:
    """Processes are started when they are needed and kept. For any thread."""

    def __init__(
        self,
        processes: int = MAX_PROCESSES,
        memory: int = MEMORY_BUDGET,
        deadline: float = DEADLINE,
        processor_seconds: int = PROCESSOR_SECONDS,
        rest: float = REST,
    ) -> None:
        self.memory = MemoryBudget(memory)
        self.deadline = deadline
        self.processor_seconds = processor_seconds
        self._slots = BoundedSemaphore(processes)
        self._spawner = Spawner(deadline, processor_seconds)
        self._idle = IdleProcesses(self._spawner, rest)
        self._lock = Lock()
        self._is_reported = False
        finalize(self, _close, self._spawner, self._idle)

    def start(self) -> None:
        """Load the decoders beforehand, without waiting for it."""
        self._spawner.start()

    def new_decoding(self, task: DecodingTask, number: int, data: bytes) -> "Decoding":
        """One image. Nothing happens before its result is asked for."""
        return Decoding(self, task, number, data)

    def decode(self, task: DecodingTask, number: int, data: bytes) -> Frame:
        """What `task` makes of an image. Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `Unavailable`."""
        return self.new_decoding(task, number, data).result()

    def close(self) -> None:
        """End all processes; the next image starts new ones."""
        _close(self._spawner, self._idle)

    def acquire(self, *, wait: bool) -> Process | None:
        """A process, or None where none is free and nobody wants to wait. Raises `Unavailable`."""
        if not self._slots.acquire(blocking=wait):
            return None
        if (idle := self._idle.take()) is not None:
            return idle
        try:
            process = self._spawner.fork()
        except OSError as fault:
            self._slots.release()
            log.error("%s", fault)  # noqa: TRY400 — the sentence says it all
            raise busy() from fault
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
        """Of a process that gave no answer; its place is free afterwards."""
        signal = self._spawner.reap(process)
        self._slots.release()
        return stopped(signal, self.processor_seconds, log)

    def _report(self, process: Process) -> None:
        with self._lock:
            is_first, self._is_reported = not self._is_reported, True
        if is_first and process.missing:
            log.warning("images are decoded without %s: this system does not have it", ", ".join(process.missing))


class Decoding:
    """One image on its way. For one thread at a time."""

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
        """Waits for it. Raises what `DecodingPool.decode` raises."""
        found = self.result_within(None)
        if found is None:  # it waits without end
            raise AssertionError
        return found

    def result_within(self, seconds: float | None) -> Frame | None:
        """None where it takes longer; then either ask again or give up."""
        until = None if seconds is None else time.monotonic() + seconds
        try:
            return self._advance(until)
        except BaseException:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Leave the image undecoded, and end the process that is busy with it."""
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
                raise refusal(frame, log)
            self._wanted = self._requested_memory(frame)

    def _requested_memory(self, frame: Frame) -> int:
        """Once for each image."""
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
        """Raises `Unavailable` behind the deadline."""
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
        raise out_of_time(self._pool.deadline, log)

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
