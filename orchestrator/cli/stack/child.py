"""Children that die with us: on Linux the kernel tells them of our death, through this file run before their program.

A `preexec_fn` would be a line, but it is Python after a fork: where LiveKit's client has threads, one of them may hold a
lock of the interpreter at that moment, and the child waits for it forever, we with it (ADR 0056).
"""

import ctypes
import errno
import os
import pwd
import shutil
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def with_death_signal(
    command: list[str], death_signal: signal.Signals = signal.SIGKILL, user: str | None = None
) -> list[str]:
    """The command to start; raises FileNotFoundError. Only root may name another `user`.

    The kernel sends the signal when the *thread* that started it ends, so start children from the main thread.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
    ours = [str(os.getpid()), str(int(death_signal)), user or ""]
    return [sys.executable, "-I", "-S", __file__, *ours, program, *command[1:]]


def main(parent: str, death_signal: str, user: str, *command: str) -> None:
    if user:
        become(user)
    if sys.platform == "linux":
        # After the change of user, which clears it; an ordinary exec keeps it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):  # it died before we could ask
        sys.exit(1)
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python, and exec keeps that too
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606 no shell is what we want


def become(user: str) -> None:
    somebody = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(somebody.pw_gid)
    os.setuid(somebody.pw_uid)


if __name__ == "__main__":
    main(*sys.argv[1:])
