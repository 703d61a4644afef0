"""A seccomp(2) filter that allows only memory, threads, clocks and the descriptors already open."""

import ctypes
import platform
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_X32 = 0x40000000

_CALLS = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65),
    "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233), "getpid": (39, 172),
    "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212), "exit": (60, 93),
    "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "set_robust_list": (273, 99), "prlimit64": (302, 261), "getrandom": (318, 278), "rseq": (334, 293),
    "nanosleep": (35, 101), "getrusage": (98, 165), "times": (100, 153), "gettimeofday": (96, 169),
    "sysinfo": (99, 179), "membarrier": (324, 283), "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    "set_tid_address": (218, 96), "ppoll": (271, 73), "poll": (7, None), "clone": (56, 220),
    "sched_getparam": (143, 121), "sched_getscheduler": (145, 120), "dup": (32, 23), "newfstatat": (262, 79),
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "fcntl": (72, 25),
    "prctl": (157, 167),
}  # fmt: skip
"""System call numbers of x86-64 and of AArch64, which lacks some of the older calls."""
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def allow_computing_only() -> bool:
    """From now on, this thread and its children may compute and use their open descriptors: no files, no network, no
    other programs. Returns False if the kernel has no such filter."""
    numbering = _MACHINES.get(platform.machine())
    if numbering is None:
        return False
    architecture, column = numbering
    numbers = [row[column] for row in _CALLS.values()]
    program = _program(architecture, [number for number in numbers if number is not None])
    instructions = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))

    filter_ = Program(len(program) // 8, ctypes.addressof(instructions))
    return bool(ctypes.CDLL(None).prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)


def _program(architecture: int, numbers: list[int]) -> bytes:
    """A Berkeley packet filter: it kills on another architecture, allows the listed calls, reports clone3 as missing
    (glibc then uses clone), and denies all others."""
    clone3 = 435
    code = [
        _instruction(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _instruction(_EQUAL, 1, 0, architecture),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD, 0, 0, _NUMBER_AT),
    ]
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        code.append(_instruction(_EQUAL, left + 2, 0, number))
    code += [
        _instruction(_EQUAL, 0, 1, clone3),
        _instruction(_RETURN, 0, 0, _ERRNO | _ENOSYS),
        _instruction(_RETURN, 0, 0, _ERRNO | _EPERM),
        _instruction(_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(code)


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
