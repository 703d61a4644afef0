"""The sandbox that a decoding process enters before it receives an image."""

import ctypes
import os
import resource
import signal
import sys

from adapters.decoding.landlock import forbid_files
from adapters.decoding.seccomp import allow_computing_only

MEBIBYTE = 1 << 20
ADDRESS_SPACE = 1024 * MEBIBYTE
"""Bytes of address space for images in one process, in addition to the loaded libraries."""
_DESCRIPTORS = 16
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_NOBODY = 65534


def enter_sandbox(parent: int) -> list[str]:
    """Give up files, network, other programs and privileges; end when `parent` ends. Returns the names of the
    protections that this system lacks."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the service decides when its processes end
        signal.signal(ignored, signal.SIG_IGN)
    _silence()
    _limit_resources()
    missing = []
    if sys.platform != "linux":
        return ["landlock", "seccomp", "no_new_privs"]
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    control = ctypes.CDLL(None).prctl
    control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    control(_PR_SET_DUMPABLE, 0)
    if os.getppid() != parent:
        os._exit(0)
    if control(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        missing.append("no_new_privs")
    if not forbid_files():
        missing.append("landlock")
    if not allow_computing_only():
        missing.append("seccomp")
    return missing


def limit_processor(seconds: int) -> None:
    """Limit the CPU time of this process, counted from now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _silence() -> None:
    """Redirect standard streams to the null device: decoders write warnings about files to standard error."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    os.close(null)


def _limit_resources() -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_AS: _library_bytes() + ADDRESS_SPACE,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _library_bytes() -> int:
    """Bytes of address space used by the libraries."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123 — one line written by the kernel
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return ADDRESS_SPACE
