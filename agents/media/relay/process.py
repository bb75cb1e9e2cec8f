"""Starting a relay's child and reading what it says."""

import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, cast

CHILD = Path(__file__).with_name("child.py")
Child = subprocess.Popen[bytes]


def spawn() -> Child:
    """Its own session, so that a terminal's Ctrl-C leaves the goodbye to us; no argument says where it sends."""
    return subprocess.Popen(  # noqa: S603  our own file by our own interpreter, no shell
        [sys.executable, "-I", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


class Messages:
    """JSON lines from a pipe, with a time limit on the waiting."""

    def __init__(self, child: Child) -> None:
        self._pipe = cast("IO[bytes]", child.stdout)
        self._partial = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)

    def read(self, timeout_s: float) -> list[dict[str, Any]] | None:
        """The whole lines that came within the time; None at the end of the child's output."""
        if not self._selector.select(timeout_s):
            return []
        data = os.read(self._pipe.fileno(), 65_536)
        if not data:
            return None
        *lines, self._partial = (self._partial + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def close(self) -> None:
        self._selector.close()
        self._pipe.close()
