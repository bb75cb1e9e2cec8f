"""The recording in the object store: each segment as it closes, then the playlist that names it."""

import asyncio
from collections.abc import Callable

import structlog

from agents.egress.plan import Hls
from agents.egress.recorder import messages
from orchestrator.core.storage import Storage
from schema.errors import StorageUnavailable

log = structlog.get_logger(__name__)

FIRST_RETRY_S = 0.5
LAST_RETRY_S = 10.0


class SegmentStore:
    """Files are put in the order they come; while the store is away they wait in memory and are tried again."""

    def __init__(
        self, storage: Storage, hls: Hls, segment_s: float, say: Callable[[messages.Report], None]
    ) -> None:
        self._storage = storage
        self._hls = hls
        self._segment_s = segment_s
        self._say = say
        self._files: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._count = self._size_bytes = 0

    def add(self, name: str, content: bytes) -> None:
        self._files.put_nowait((name, content))

    def close(self) -> None:
        """`run` returns once everything added so far is stored."""
        self._files.put_nowait(None)

    async def run(self) -> None:
        while (file := await self._files.get()) is not None:
            name, content = file
            await self._put(self._hls.folder + name, content)
            if name != self._hls.playlist_name:
                self._count += 1
                self._size_bytes += len(content)
            else:
                self._report(round(self._count * self._segment_s * 1e9))

    def finish(self, duration_ns: int) -> None:
        """The totals with the true length: the last segment is shorter than the others."""
        self._report(duration_ns)

    def _report(self, duration_ns: int) -> None:
        self._say(messages.SegmentsStored(self._count, self._size_bytes, duration_ns))

    async def _put(self, key: str, content: bytes) -> None:
        pause_s = FIRST_RETRY_S
        while True:
            try:
                await self._storage.put(key, content)
            except StorageUnavailable:
                log.warning("segment_delayed", waiting=self._files.qsize(), retry_s=pause_s)
            else:
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LAST_RETRY_S)
