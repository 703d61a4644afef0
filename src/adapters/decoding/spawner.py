"""`python -m adapters.decoding.spawner`: loads the decoders once and forks a decoding process for each socket that the
service sends over standard input. It has one thread and no secrets, so that a fork is cheap and safe."""

import os
import signal
import socket
import struct
from contextlib import suppress

from adapters.decoding.sandbox import enter

FORK, END = b"F", b"E"
PID = struct.Struct(">i")


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    from adapters.decoding.worker import work

    control = socket.socket(fileno=os.dup(0))
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if order == FORK:
            pid = _forked(control, descriptors[0], work)
            os.close(descriptors[0])
            control.sendall(PID.pack(pid))
        elif order == END:
            (pid,) = PID.unpack(control.recv(PID.size, socket.MSG_WAITALL))
            _end(pid)
        else:  # the service has gone
            return


def _forked(control: socket.socket, descriptor: int, work: object) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        control.close()
        service = socket.socket(fileno=descriptor)
        work(service, enter(parent))  # type: ignore[operator]
        status = 0
    finally:
        os._exit(status)


def _end(pid: int) -> None:
    """Only here are children waited for, so a process id names no stranger."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
