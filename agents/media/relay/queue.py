"""What waits for one destination: whole GOPs, so that a slow one loses pictures but never decodes garbage."""

import threading
from collections import deque

from agents.media.mux import Chunk


class GopQueue:
    """Bounded by bytes; `put` never blocks, `get` does."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._chunks: deque[Chunk] = deque()
        self._bytes = 0
        self._need_key = True
        self._closed = False
        self._changed = threading.Condition()
        self.dropped_chunks = 0
        # Whether anything was ever there to be sent.
        self.fed = False

    @property
    def queued_bytes(self) -> int:
        return self._bytes

    def put(self, chunk: Chunk) -> None:
        """Over the limit the oldest GOPs go; a lone GOP that is too large goes whole."""
        with self._changed:
            if self._closed or (self._need_key and not chunk.key):
                self.dropped_chunks += 1
                return
            self._need_key = False
            self.fed = True
            self._chunks.append(chunk)
            self._bytes += len(chunk.data)
            if self._bytes > self._limit_bytes:
                self._drop_oldest()
            self._changed.notify()

    def get(self) -> Chunk | None:
        """The next chunk, waiting for it; None once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._closed)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            self._bytes -= len(chunk.data)
            return chunk

    def close(self) -> None:
        """Lets `get` drain what is there and then answer None."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _drop_oldest(self) -> None:
        while self._chunks and (self._bytes > self._limit_bytes or not self._chunks[0].key):
            self._bytes -= len(self._chunks.popleft().data)
            self.dropped_chunks += 1
        self._need_key = not self._chunks
