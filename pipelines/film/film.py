"""One film as it grows: what is ready is stored at once, and what cannot be read is left out and counted."""

from collections.abc import Callable

import av
import structlog

from agents.media.geometry import Rect
from agents.media.mux import Piece
from orchestrator.core.hls.runs import Run
from pipelines.film.press import Press, Shown

log = structlog.get_logger(__name__)
HEADER = "film_init.mp4"


class Film:
    """`keep` takes files by name; `captions` says what is shown in a picture of that size. Without a `header` it is MPEG-TS."""

    def __init__(
        self, header: bytes, keep: Callable[[str, bytes], None], captions: Callable[[Rect], Shown]
    ) -> None:
        self.missing = 0
        self._header = header
        self._keep = keep
        self._captions = captions
        self._press: Press | None = None
        self._delay_s: float | None = 0.0
        self._at_ms = 0
        self._shown: Shown = lambda _: ()
        self._lengths_ms: list[int] = []
        self._kept = 0

    def begin(self, at_ms: int | None) -> None:
        """What comes now begins its times at zero, at this place; None where they begin anywhere, as MPEG-TS does."""
        self._delay_s = None if at_ms is None else at_ms / 1000

    def add(self, segment: bytes | None, length_ms: int) -> None:
        """The next one; the picture before one that cannot be read stays for its time."""
        if segment is not None:
            self._read(self._header + segment)
        self._at_ms += length_ms
        if self._press and self._press.gops > len(self._lengths_ms):
            self._lengths_ms.append(length_ms)
            self._store(self._press.ready())
            return
        self.missing += 1
        if self._lengths_ms:
            self._lengths_ms[-1] += length_ms

    def close(self) -> Run | None:
        """None when nothing could be read."""
        if not self._lengths_ms or self._press is None:
            return None
        self._store(self._press.close())
        names = map(_name, range(len(self._lengths_ms)))
        return Run(HEADER, dict(zip(names, self._lengths_ms, strict=True)))

    def _read(self, segment: bytes) -> None:
        try:
            if self._press is None:
                self._press = Press(segment, "mp4" if self._header else "mpegts")
                self._shown = self._captions(self._press.area)
            if self._delay_s is None:
                self._delay_s = self._at_ms / 1000 - self._press.begins_s(segment)
            self._press.feed(segment, self._shown, self._delay_s)
        except (av.FFmpegError, IndexError) as error:
            log.warning("segment unreadable", error=type(error).__name__)

    def _store(self, ready: list[Piece]) -> None:
        for piece in ready:
            if piece.header:
                self._keep(HEADER, piece.data)
            else:
                self._keep(_name(self._kept), piece.data)
                self._kept += 1


def _name(number: int) -> str:
    return f"film_{number:05d}.m4s"
