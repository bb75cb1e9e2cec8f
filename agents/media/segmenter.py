"""HLS as fragmented MP4: a header, one file per GOP and a playlist that grows with them."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents.media.mux import Piece

Keep = Callable[[str, bytes], None]
"""Takes a file's name and its whole content; a playlist comes again each time it grows."""
HEADER_END = "_init.mp4"


def is_header(name: str) -> bool:
    return name.endswith(HEADER_END)


def header_name(prefix: str) -> str:
    """The file that every segment needs first."""
    return prefix + HEADER_END


@dataclass(slots=True)
class Segmenter:
    """Each segment starts with a keyframe and plays after the header alone; nothing waits past its GOP."""

    keep: Keep
    segment_s: float
    prefix: str = "seg"
    playlist_name: str = "index.m3u8"
    started_at_ns: int = 0
    _durations_s: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self._durations_s)

    def feed(self, piece: Piece) -> None:
        """The header, then whole GOPs."""
        if piece.header:
            self.keep(header_name(self.prefix), piece.data)
        else:
            self._add(piece, self.segment_s)
            self._list(ended=False)

    def close(self, rest: Iterable[Piece], total_s: float) -> None:
        """Adds what was still open and ends the playlist; `total_s` is the programme's length."""
        for piece in rest:
            if piece.header:
                self.feed(piece)
            else:
                self._add(piece, min(self.segment_s, total_s - self.segment_s * self.count))
        if self._durations_s:
            self._list(ended=True)

    def _add(self, piece: Piece, duration_s: float) -> None:
        self.keep(self._name(self.count), piece.data)
        self._durations_s.append(duration_s)

    def _list(self, *, ended: bool) -> None:
        self.keep(self.playlist_name, self._playlist(ended=ended).encode())

    def _name(self, index: int) -> str:
        return f"{self.prefix}_{index:05d}.m4s"

    def _playlist(self, *, ended: bool) -> str:
        began = datetime.fromtimestamp(self.started_at_ns / 1e9, UTC)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            "#EXT-X-PLAYLIST-TYPE:EVENT",
            f"#EXT-X-TARGETDURATION:{math.ceil(max(self.segment_s, *self._durations_s))}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f'#EXT-X-MAP:URI="{header_name(self.prefix)}"',
            f"#EXT-X-PROGRAM-DATE-TIME:{began.isoformat(timespec='milliseconds')}",
        ]
        for index, duration_s in enumerate(self._durations_s):
            lines += [f"#EXTINF:{duration_s:.6f},", self._name(index)]
        if ended:
            lines.append("#EXT-X-ENDLIST")
        return "\n".join(lines) + "\n"
