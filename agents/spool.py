"""Reports on disk until they are delivered: an append-only file of lines that survives the process and the control plane."""

import fcntl
from pathlib import Path
from typing import IO


class SpoolInUse(Exception):
    """Another process delivers this file."""


class Spool:
    """One writer per file, held by a lock. What was delivered before a crash may be delivered again, in the same order."""

    def __init__(self, path: Path) -> None:
        """Raises SpoolInUse."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("a+b")
        claim(self._file)
        self._waiting = self._whole_lines()

    def __len__(self) -> int:
        return len(self._waiting)

    def append(self, record: bytes) -> None:
        """Outlives this process when it returns, though not the machine's power; `record` holds no line break."""
        self._file.write(record + b"\n")
        self._file.flush()
        self._waiting.append(record)

    def peek(self, most: int) -> list[bytes]:
        return self._waiting[:most]

    def settle(self, count: int) -> None:
        """The first `count` records are delivered. The file is emptied when all are, so delivery has to be idempotent."""
        del self._waiting[:count]
        if not self._waiting:
            self._file.truncate(0)

    def set_aside_first(self) -> None:
        """Nobody takes the first record: it goes to a file beside this one, for a person."""
        with self.path.with_suffix(".refused").open("ab") as refused:
            refused.write(self._waiting[0] + b"\n")
        self.settle(1)

    def close(self) -> None:
        """Leaves no file behind when nothing is left to deliver."""
        if not self._waiting:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _whole_lines(self) -> list[bytes]:
        """What an earlier process left; a line that its death cut short never counted as written."""
        self._file.seek(0)
        *lines, torn = self._file.read().split(b"\n")
        if torn:
            self._file.truncate(self._file.tell() - len(torn))
        return lines


def claim(file: IO[bytes]) -> None:
    """Makes this process the file's owner until it closes it or dies. Raises SpoolInUse, with the file closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise SpoolInUse(Path(file.name).name) from None
