"""HLS: one MPEG-TS file per GOP and a playlist that grows with them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents.media.encoder import Chunk

Sink = Callable[[str, bytes], None]
"""Takes a file's name and its whole content; a playlist comes again each time it grows."""


@dataclass(slots=True)
class Segmenter:
    """Each segment starts with its own tables and keyframe, so that it plays alone; nothing waits past its GOP."""

    sink: Sink
    segment_s: float
    prefix: str = "seg"
    playlist_name: str = "index.m3u8"
    started_at_ns: int = 0
    _parts: list[bytes] = field(default_factory=list)
    _durations_s: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self._durations_s)

    def feed(self, chunk: Chunk) -> None:
        if chunk.key and self._parts:
            self._close_segment(self.segment_s, ended=False)
        self._parts.append(chunk.data)

    def close(self, total_s: float) -> None:
        """Writes the open segment, which may be shorter, and ends the playlist; `total_s` is the programme's length."""
        if self._parts:
            self._close_segment(total_s - self.segment_s * self.count, ended=True)

    def _close_segment(self, duration_s: float, *, ended: bool) -> None:
        self.sink(self._name(self.count), b"".join(self._parts))
        self._parts.clear()
        self._durations_s.append(duration_s)
        self.sink(self.playlist_name, self._playlist(ended=ended).encode())

    def _name(self, index: int) -> str:
        return f"{self.prefix}_{index:05d}.ts"

    def _playlist(self, *, ended: bool) -> str:
        began = datetime.fromtimestamp(self.started_at_ns / 1e9, UTC)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            "#EXT-X-PLAYLIST-TYPE:EVENT",
            f"#EXT-X-TARGETDURATION:{math.ceil(max(self.segment_s, *self._durations_s))}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f"#EXT-X-PROGRAM-DATE-TIME:{began.isoformat(timespec='milliseconds')}",
        ]
        for index, duration_s in enumerate(self._durations_s):
            lines += [f"#EXTINF:{duration_s:.6f},", self._name(index)]
        if ended:
            lines.append("#EXT-X-ENDLIST")
        return "\n".join(lines) + "\n"
