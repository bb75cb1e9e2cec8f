"""A server that is gone for as long as a test wants, though the supervisor starts it again and again."""

import contextlib
import os
import signal
import socketserver
import time
from collections.abc import Iterator
from threading import Thread

from orchestrator.cli.runfile import RunFile

# The supervisor waits half a second before it starts a program again; this is tried all the time until then.
TAKE_S = 5.0


class HangUp(socketserver.BaseRequestHandler):
    """Closes each connection without a word."""


class Squatter(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


@contextlib.contextmanager
def gone(stack: RunFile, name: str) -> Iterator[None]:
    """Kills the program by its pid and takes its port; after the block the port is free, and the next start succeeds."""
    program = next(p for p in stack.processes if p.name == name)
    assert program.pid
    assert program.port
    os.kill(program.pid, signal.SIGKILL)
    with _taken(program.port) as squatter:
        serving = Thread(target=squatter.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield
        finally:
            squatter.shutdown()
            serving.join()


def _taken(port: int) -> Squatter:
    deadline_s = time.monotonic() + TAKE_S
    while True:
        try:
            return Squatter(("127.0.0.1", port), HangUp)
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.01)
