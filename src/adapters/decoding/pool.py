"""A pool of decoding processes."""

import logging
import select
import time
from threading import BoundedSemaphore, Lock
from weakref import finalize

from adapters.decoding.admission import MemoryBudget
from adapters.decoding.idle import REST, IdleProcesses
from adapters.decoding.processes import Process, Spawner
from adapters.decoding.protocol import Frame, Kind, Malformed, Task, receive_frame, send_request
from adapters.decoding.refusals import busy, out_of_time, refusal, stopped, undecodable
from domain.errors import DomainError

PLACES = 16
"""Processes at most. More than cores, so that images made to be slow do not make others wait; and more than large
images that are uploaded together, most of which hold a process while they wait for memory."""
MEMORY = 448 << 20
"""Bytes for all images together."""
DEADLINE = 10.0
"""Seconds of the clock that one image may take. Behind them the machine is busy: see `PROCESSOR_SECONDS`."""
PROCESSOR_SECONDS = 8
"""That one image may take of a processor, whoever else uses the machine. Less than `DEADLINE`, so that an image that is
at fault is told from a busy machine."""
SLOW = 1.0
"""Seconds after which an image has to let others go first."""
MOST_TASKS = 2_000
"""Images after which a process is replaced."""

log = logging.getLogger("tintype.decoding")


class DecodingPool:
    """Processes are started when they are needed and kept. For any thread."""

    def __init__(
        self,
        places: int = PLACES,
        memory: int = MEMORY,
        deadline: float = DEADLINE,
        processor_seconds: int = PROCESSOR_SECONDS,
        rest: float = REST,
    ) -> None:
        self.memory = MemoryBudget(memory)
        self.deadline = deadline
        self.processor_seconds = processor_seconds
        self._places = BoundedSemaphore(places)
        self._spawner = Spawner(deadline, processor_seconds)
        self._idle = IdleProcesses(self._spawner, rest)
        self._lock = Lock()
        self._is_reported = False
        finalize(self, _close, self._spawner, self._idle)

    def start(self) -> None:
        """Load the decoders beforehand, without waiting for it."""
        self._spawner.start()

    def begin(self, task: Task, number: int, data: bytes) -> "Decoding":
        """One image. Nothing happens before its result is asked for."""
        return Decoding(self, task, number, data)

    def decode(self, task: Task, number: int, data: bytes) -> Frame:
        """What `task` makes of an image. Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `Unavailable`."""
        return self.begin(task, number, data).result()

    def close(self) -> None:
        """End all processes; the next image starts new ones."""
        _close(self._spawner, self._idle)

    def take(self, *, wait: bool) -> Process | None:
        """A process, or None where none is free and nobody wants to wait. Raises `Unavailable`."""
        if not self._places.acquire(blocking=wait):
            return None
        if (idle := self._idle.take()) is not None:
            return idle
        try:
            process = self._spawner.fork()
        except OSError as fault:
            self._places.release()
            log.error("%s", fault)  # noqa: TRY400 — the sentence says it all
            raise busy() from fault
        self._report(process)
        return process

    def give_back(self, process: Process, *, usable: bool) -> None:
        process.tasks += 1
        if usable and not process.is_slow and process.tasks < MOST_TASKS:
            self._idle.put(process)
        else:
            self._spawner.end(process)
        self._places.release()

    def cause_of_death(self, process: Process) -> DomainError:
        """Of a process that gave no answer; its place is free afterwards."""
        signal = self._spawner.reap(process)
        self._places.release()
        return stopped(signal, self.processor_seconds, log)

    def _report(self, process: Process) -> None:
        with self._lock:
            is_first, self._is_reported = not self._is_reported, True
        if is_first and process.missing:
            log.warning("images are decoded without %s: this system does not have it", ", ".join(process.missing))


class Decoding:
    """One image on its way. For one thread at a time."""

    def __init__(self, pool: DecodingPool, task: Task, number: int, data: bytes) -> None:
        self._pool = pool
        self._task = task
        self._number = number
        self._data = data
        self._process: Process | None = None
        self._begun = 0.0
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
            return self._continued(until)
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Leave the image undecoded, and end the process that is busy with it."""
        self._finish(usable=False)

    def _continued(self, until: float | None) -> Frame | None:
        if self._process is None and not self._is_sent(until):
            return None
        while True:
            if self._wanted and not self._is_admitted(until):
                return None
            if not self._is_readable(until):
                return None
            frame = self._received()
            if frame.kind is not Kind.MEMORY:
                self._finish(usable=True)
                if frame.kind is Kind.DONE:
                    return frame
                raise refusal(frame, log)
            self._wanted = self._requested_memory(frame)

    def _requested_memory(self, frame: Frame) -> int:
        """Once for each image."""
        wanted = frame.head.get("bytes")
        if self._memory or not isinstance(wanted, int) or wanted <= 0:
            raise undecodable()
        return wanted

    def _is_sent(self, until: float | None) -> bool:
        self._process = self._pool.take(wait=until is None)
        if self._process is None:
            return False
        self._begun = time.monotonic()
        try:
            send_request(self._process.socket, self._task, self._number, self._data)
        except OSError as fault:
            raise self._died() from fault
        return True

    def _is_admitted(self, until: float | None) -> bool:
        if not self._pool.memory.take(self._wanted, wait=until is None):
            return False
        self._memory, self._wanted = self._wanted, 0
        self._begun = time.monotonic()
        if self._process is not None:
            try:
                self._process.socket.sendall(b"\1")
            except OSError as fault:
                raise self._died() from fault
        return True

    def _is_readable(self, until: float | None) -> bool:
        """Raises `Unavailable` behind the deadline."""
        process = self._process
        if process is None:
            return False
        poller = select.poll()
        poller.register(process.socket, select.POLLIN)
        for stage, limit in ((SLOW, self._begun + SLOW), (self._pool.deadline, self._begun + self._pool.deadline)):
            end = limit if until is None else min(limit, until)
            if poller.poll(max(0.0, end - time.monotonic()) * 1000):
                return True
            if until is not None and until <= limit:
                return False
            if stage is SLOW:
                process.slow_down()
        raise out_of_time(self._pool.deadline, log)

    def _received(self) -> Frame:
        if self._process is None:
            raise AssertionError
        try:
            return receive_frame(self._process.socket)
        except Malformed as fault:
            raise undecodable() from fault
        except (EOFError, OSError) as fault:
            raise self._died() from fault

    def _died(self) -> DomainError:
        if self._process is None:
            raise AssertionError
        process, self._process = self._process, None
        return self._pool.cause_of_death(process)

    def _finish(self, *, usable: bool) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            self._pool.give_back(process, usable=usable)
        if self._memory:
            self._pool.memory.give_back(self._memory)
            self._memory = 0


def _close(spawner: Spawner, idle: IdleProcesses) -> None:
    idle.close()
    spawner.close()
