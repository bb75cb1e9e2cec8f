"""A child that computes: bounded in memory, behind everything else on the host, and gone with its parent."""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
# A replay that people wait for is a few seconds of work, and comes before the rest but behind every class.
NICENESS, AWAITED_NICENESS = 15, 5


def confine(memory_bytes: int, *, awaited: bool, idle: bool) -> None:
    """`idle` work gets only the time that nobody else wants: a class on air is never slowed by it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(AWAITED_NICENESS if awaited else NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if idle:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
