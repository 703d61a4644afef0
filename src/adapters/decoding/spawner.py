"""`python -m adapters.decoding.spawner`: loads the decoders once, and forks a decoding process for each socket that the
service sends over standard input. It has one thread and no secrets, so that forking is cheap and safe."""

import os
import signal
import socket
import struct
import sys
from collections.abc import Callable

from adapters.decoding.sandbox import enter_sandbox

FORK, END, REAP = b"F", b"E", b"R"
"""Commands: fork a process; end a process; end a process and return the signal it died from."""
PID = struct.Struct(">i")


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    from adapters.decoding.worker import work

    seconds = int(sys.argv[1])
    control = socket.socket(fileno=os.dup(0))
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if order == FORK:
            pid = _fork_worker(control, descriptors[0], lambda service, missing: work(service, missing, seconds))
            os.close(descriptors[0])
            control.sendall(PID.pack(pid))
        elif order in {END, REAP}:
            (pid,) = PID.unpack(control.recv(PID.size, socket.MSG_WAITALL))
            signal_ = _kill(pid)
            if order == REAP:
                control.sendall(PID.pack(signal_))
        else:  # the service has closed the connection
            return


def _fork_worker(control: socket.socket, descriptor: int, work: Callable[[socket.socket, list[str]], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        control.close()
        service = socket.socket(fileno=descriptor)
        work(service, enter_sandbox(parent))
        status = 0
    finally:
        os._exit(status)


def _kill(pid: int) -> int:
    """The signal the process died from; not SIGKILL if it was already dying. Only this function waits for children, so
    the process id cannot have been reused."""
    try:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    main()
