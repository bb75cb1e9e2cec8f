"""One recording's files on disk until the object store has them; they outlive the process that recorded them."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec

from agents.egress.plan import Hls
from agents.spool import claim
from orchestrator.settings import Settings, data_dir

# Dots keep both apart from segments, whose names are chosen by whoever asked for the recording.
ABOUT = ".recording.json"
PLAYLIST = ".playlist"
# Postgres and Redis may live on the same disk, and stop when it is full.
RESERVE_BYTES = 512 * 1024 * 1024


Put = Callable[[str, bytes], Awaitable[None]]
"""Stores an object by key. Raises StorageUnavailable, and NotFound for a key that is no path."""


class About(msgspec.Struct, frozen=True):
    """Where the files belong in the object store, for whoever finds them."""

    hls: Hls
    segment_s: float


class SpoolFolder:
    """`{data_dir}/spool/egress/{egress_id}`: one owner, held by a lock that dies with its process."""

    def __init__(self, path: Path, about: About | None = None) -> None:
        """Opens what is there or, given `about`, begins it. Raises SpoolInUse, OSError, msgspec.DecodeError."""
        self.path = path
        if about is not None:
            path.mkdir(parents=True, exist_ok=True)
        self._lock = (path / ABOUT).open("r+b" if about is None else "a+b")
        claim(self._lock)
        try:
            self.about = self._described(about)
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Whoever wants it may have it."""
        self._lock.close()

    def _described(self, about: About | None) -> About:
        if about is None:
            return msgspec.json.decode(self._lock.read(), type=About)
        self._lock.truncate(0)
        self._lock.write(msgspec.json.encode(about))
        self._lock.flush()
        return about

    def has_room(self, size_bytes: int) -> bool:
        return shutil.disk_usage(self.path).free - size_bytes >= RESERVE_BYTES

    def keep(self, name: str, content: bytes) -> None:
        """Outlives this process when it returns, though not the machine's power. Raises OSError."""
        written = self.path / f".part-{name}"
        written.write_bytes(content)
        written.rename(self.path / name)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def drop(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def playlist(self) -> str:
        """The latest that was kept, empty when none was."""
        path = self.path / PLAYLIST
        return path.read_text() if path.exists() else ""

    def segments(self) -> list[str]:
        """Names of what still waits, in order: the shorter number is the earlier one."""
        names = (path.name for path in self.path.iterdir() if not path.name.startswith("."))
        return sorted(names, key=lambda name: (len(name), name))

    def remove(self) -> None:
        """The store has everything."""
        shutil.rmtree(self.path)


def spool_root(settings: Settings) -> Path:
    return data_dir(settings) / "spool" / "egress"


def roster_root(settings: Settings) -> Path:
    return data_dir(settings) / "spool" / "running"


def left_behind(root: Path) -> Iterator[Path]:
    """Every recording's folder, those that somebody still records to among them."""
    yield from sorted(path.parent for path in root.glob(f"*/{ABOUT}"))
