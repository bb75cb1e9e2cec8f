"""A child that computes: bounded in memory, behind everything else on the host, and gone with its parent."""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
# A few seconds of work for a replay that people wait for, and still behind every class.
NICENESS = 10


def stand_back() -> None:
    """Of the worker itself, and so of all its children."""
    os.nice(NICENESS)


def confine(memory_bytes: int, *, idle: bool) -> None:
    """`idle` work gets only the time that nobody else wants, and is interrupted at once: a class on air never feels it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if idle:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
