"""The FLV file that an RTMP server writes, read while it grows: what came when."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

LOOK_S = 0.005
HEADER_BYTES, TAG_BYTES, TRAILER_BYTES = 13, 11, 4
VIDEO = 9
# The second byte of a video tag: 1 is a picture, 0 the codec's own header.
PICTURE = 1


class Arrival(msgspec.Struct, frozen=True):
    """A picture's time in the stream, and when it was seen in the file (time.monotonic)."""

    at_ms: int
    seen_s: float


class Watch:
    """Inside the context `arrivals` grows; the file may come later: that of the first connection, or of a later one."""

    def __init__(self, folder: Path, key: str, connection: int = 0) -> None:
        self.arrivals: list[Arrival] = []
        self._folder, self._key, self._connection = folder, key, connection
        self._offset = HEADER_BYTES
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            found = sorted(self._folder.glob(f"{self._key}*.flv"))[self._connection :]
            if found and found[0].stat().st_size > self._offset:
                with found[0].open("rb") as file:
                    file.seek(self._offset)
                    self._take(file.read())
            await asyncio.sleep(LOOK_S)

    def _take(self, data: bytes) -> None:
        seen_s, end = time.monotonic(), 0
        for start, end in tags(data):
            tag = data[start:end]
            if tag[0] == VIDEO and len(tag) > TAG_BYTES + 1 and tag[TAG_BYTES + 1] == PICTURE:
                at_ms = tag[7] << 24 | int.from_bytes(tag[4:7])
                self.arrivals.append(Arrival(at_ms, seen_s))
        self._offset += end


def tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each whole tag, the end with its trailer."""
    start = 0
    while start + TAG_BYTES <= len(data):
        end = start + TAG_BYTES + int.from_bytes(data[start + 1 : start + 4]) + TRAILER_BYTES
        if end > len(data):
            return
        yield start, end
        start = end
