"""The recording on its way to the object store: each segment as it closes, then the playlist that names it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import structlog

from agents.egress.plan import Hls
from agents.egress.recorder import messages
from agents.egress.spool.folder import PLAYLIST, About, Put, SpoolFolder
from agents.egress.spool.playlist import interrupted, with_gaps
from agents.media.segmenter import is_header
from agents.spool import SpoolInUse
from orchestrator.core.hls.playlist import continued
from schema.errors import StorageUnavailable

log = structlog.get_logger(__name__)

FIRST_RETRY_S = 0.5
LAST_RETRY_S = 10.0
# Segments that need not be read back from disk, or may wait although the disk is full: 3 MB at 3 Mbit/s.
IN_MEMORY = 4


class _Segment(msgspec.Struct):
    """`content` is None where only the disk has it."""

    name: str
    size_bytes: int
    content: bytes | None
    spooled: bool


class SegmentStore:
    """Segments are put in the order they come, and the playlist only when none of them waits; what the store does not
    take yet waits on disk, for this process or for whoever finds it. What a recorder of the same egress left in the spool
    when it died is stored first, and its playlist goes on."""

    def __init__(
        self,
        put: Put,
        hls: Hls,
        segment_s: float,
        spool: SpoolFolder | None,
        say: Callable[[messages.Report], None],
    ) -> None:
        self._put = put
        self._hls = hls
        self._segment_s = segment_s
        self._spool = spool
        self._say = say
        self._segments = deque(_left(spool))
        self._before = _before(spool, segment_s)
        self._playlist: bytes | None = None
        self._lost: set[str] = set()
        self._more = asyncio.Event()
        self._closing = self._full = False
        self._count = self._size_bytes = 0

    def add(self, name: str, content: bytes) -> None:
        if name == self._hls.playlist_name:
            ours = with_gaps(content.decode(), self._lost)
            self._playlist = continued(self._before, ours).encode()
            self._keep(PLAYLIST, self._playlist)
        else:
            self._add_segment(name, content)
        self._more.set()

    def close(self) -> None:
        """`run` returns once everything added so far is stored."""
        self._closing = True
        self._more.set()

    async def run(self) -> None:
        pause_s = FIRST_RETRY_S
        while self._waits or not self._closing:
            try:
                await self._next()
                pause_s = FIRST_RETRY_S
            except StorageUnavailable:
                log.warning("segment_delayed", waiting=len(self._segments), retry_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LAST_RETRY_S)

    def finish(self, duration_ns: int) -> None:
        """The totals with the true length, for the last segment is shorter; what still waits is left to the worker."""
        if self._waits:
            log.warning("recording_left_on_disk", segments=len(self._segments))
        if self._spool is not None:
            if not self._waits:
                self._spool.remove()
            self._spool.close()
        self._counted(self._segments)
        self._report(duration_ns)

    def _counted(self, segments: Iterable[_Segment]) -> None:
        """The header is a file of the recording, and no segment."""
        for segment in segments:
            self._count += not is_header(segment.name)
            self._size_bytes += segment.size_bytes

    @property
    def _waits(self) -> bool:
        return bool(self._segments) or self._playlist is not None

    def _add_segment(self, name: str, content: bytes) -> None:
        spooled = self._keep(name, content)
        if sum(segment.content is not None for segment in self._segments) < IN_MEMORY:
            self._segments.append(_Segment(name, len(content), content, spooled))
        elif spooled:
            self._segments.append(_Segment(name, len(content), None, spooled))
        else:
            self._lost.add(name)
            log.error("segment_lost", name=name, reason="the store is away and the disk is full")

    def _keep(self, name: str, content: bytes) -> bool:
        """Whether the disk has it now."""
        if self._spool is None:
            return False
        try:
            room = self._spool.has_room(len(content))
            if room:
                self._spool.keep(name, content)
        except OSError as error:
            log.warning("spool_unwritable", reason=str(error))
            return False
        if self._full == room:
            log.warning("spool_has_room" if room else "spool_full", waiting=len(self._segments))
        self._full = not room
        return room

    async def _next(self) -> None:
        """Stores one thing, or waits for one. Raises StorageUnavailable."""
        if self._segments:
            await self._put_segment(self._segments[0])
        elif self._playlist is not None:
            playlist = self._playlist
            await self._put(self._hls.playlist, playlist)
            if self._playlist is playlist:
                self._playlist = None
            self._report(round(self._count * self._segment_s * 1e9))
        else:
            self._more.clear()
            await self._more.wait()

    async def _put_segment(self, segment: _Segment) -> None:
        content = segment.content
        if content is None and self._spool is not None:
            content = self._spool.read(segment.name)
        if content is not None:
            await self._put(self._hls.folder + segment.name, content)
        self._segments.popleft()
        self._counted([segment])
        if segment.spooled and self._spool is not None:
            self._spool.drop(segment.name)

    def _report(self, duration_ns: int) -> None:
        self._say(messages.SegmentsStored(self._count, self._size_bytes, duration_ns))


def _left(spool: SpoolFolder | None) -> list[_Segment]:
    if spool is None:
        return []
    sizes = {name: (spool.path / name).stat().st_size for name in spool.segments()}
    return [_Segment(name, size, None, spooled=True) for name, size in sizes.items()]


def _before(spool: SpoolFolder | None, segment_s: float) -> str:
    return "" if spool is None else interrupted(spool.playlist(), spool.segments(), segment_s)


def begin_spool(path: Path, about: About) -> SpoolFolder | None:
    """Without a disk the recording still goes to the store, and a store that is away then costs segments."""
    try:
        return SpoolFolder(path, about)
    except (OSError, SpoolInUse) as error:
        log.error("spool_unavailable", reason=str(error))  # noqa: TRY400 the reason says it all
        return None
