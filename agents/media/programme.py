"""The programme of one class: sources in; HLS segments and live destinations out of one encode, in its own thread."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import structlog
from PIL import Image

from agents.media.codecs.encoder import Encoded
from agents.media.engine import Engine, ProgrammeSpec
from agents.media.mux import Chunk
from agents.media.picture.frame import I420
from agents.media.relay.dial import Trust
from agents.media.relay.fanout import Fanout
from agents.media.relay.relay import RelayLimits, RelayStatus
from agents.media.segmenter import Segmenter
from agents.media.stills import Stills, StillsSpec
from schema.programme import Shown
from schema.studio import Layout

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Called from the programme's threads, never from the caller's: they must hand over and return at once."""

    on_started: Callable[[int], None]
    """Unix ns at which came what the first frame shows: the frame itself is made `delay_ms` later."""
    on_file: Callable[[str, bytes], None]
    """A finished segment, or the playlist each time it has grown, as (name, content), in order."""
    on_still: Callable[[bytes], None]
    """A JPEG of what is shown, if stills were asked for."""
    on_relay: Callable[[RelayStatus], None]
    """A destination's state changed."""
    on_failed: Callable[[Exception], None]
    """The encoder's thread died of this; `stop` still closes what there is."""


@dataclass(frozen=True, slots=True)
class ProgrammeStats:
    started_at_ns: int
    duration_ns: int
    frames: int
    skipped_frames: int
    """Pictures left out because the machine was behind; their time is kept."""
    segments: int
    bytes: int


class Programme:
    """All methods may be called from one other thread (an event loop); only `stop` blocks, for a second at most."""

    def __init__(
        self,
        hooks: Hooks,
        spec: ProgrammeSpec | None = None,
        *,
        segment_prefix: str = "seg",
        playlist_name: str = "index.m3u8",
        stills: StillsSpec | None = None,
        trust: Trust | None = None,
    ) -> None:
        self._hooks = hooks
        self._spec = spec or ProgrammeSpec()
        self._engine = Engine(self._spec, time.monotonic())
        self._segmenter = Segmenter(hooks.on_file, self._spec.gop_s, segment_prefix, playlist_name)
        self._stills = Stills(stills, self._spec.encoder.fps) if stills else None
        limits = RelayLimits.of_rate(self._spec.encoder.bitrate_bps)
        self._fanout = Fanout(hooks.on_relay, limits, trust)
        # Changes of the scene, done between two ticks by the encoder's thread.
        self._orders: deque[Callable[[], None]] = deque()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="programme", daemon=True)
        self._started_at_ns = self._ticks = self._frames = self._bytes = 0
        self._failed = False

    def add_source(self, source_id: str, name: str) -> None:
        """A participant's tile and voice; without pictures it shows the initials. Repeating renames."""
        self._do(lambda: self._engine.add_source(source_id, name))

    def remove_source(self, source_id: str) -> None:
        """Takes tile and voice away; unknown ids are nothing."""
        self._do(lambda: self._engine.remove_source(source_id))

    def push_video(self, source_id: str, picture: I420, at_s: float | None = None) -> None:
        """The newest picture; `at_s` is its arrival on time.monotonic (now). Its buffer must not be written again."""
        self._engine.push_video(source_id, picture, _now_s(at_s))

    def blank_video(self, source_id: str) -> None:
        """The camera is off: back to the initials."""
        self._do(lambda: self._engine.compositor.blank(source_id))

    def push_audio(
        self, source_id: str, samples: npt.NDArray[np.int16], at_s: float | None = None
    ) -> None:
        """48 kHz int16[n] or int16[n, channels]; `at_s` is its arrival on time.monotonic (now)."""
        self._engine.push_audio(source_id, samples, _now_s(at_s))

    def show(
        self,
        shown: Shown,
        surface: I420 | None = None,
        logo: Image.Image | None = None,
        background: Image.Image | None = None,
    ) -> None:
        """From the next frame on, all of it at once; its pictures as far as they are there. `background` has the canvas's size."""
        left_s = shown.countdown_to.timestamp() - time.time() if shown.countdown_to else 0.0
        until_s = time.monotonic() + left_s
        self._do(lambda: self._engine.compositor.show(shown, surface, logo, background, until_s))

    def rewrite(self, surface: I420) -> None:
        """The same scene with another surface: what is drawn on it."""
        self._do(lambda: self._engine.compositor.rewrite(surface))

    def caption(self, lines: tuple[str, ...]) -> None:
        """What is being said, the latest last; shown where the scene asks for it."""
        self._do(lambda: self._engine.compositor.caption(lines))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas."""
        return self._spec.encoder.width, self._spec.encoder.height

    def set_layout(self, layout: Layout) -> None:
        """The usual one, as long as no scene asks for another; from the next frame on."""
        self._do(lambda: self._engine.compositor.set_layout(layout))

    def pin(self, source_id: str) -> None:
        """This source is a shared screen: the latest is shown as such until it is removed."""
        self._do(lambda: self._engine.compositor.pin(source_id))

    def tile_sizes(self) -> dict[str, tuple[int, int]]:
        """Pixels that each visible source fills, to receive no more than those."""
        return self._engine.compositor.tile_sizes()

    def start(self) -> None:
        """Starts the clock; the first frame is a keyframe with sound from its first sample on."""
        self._thread.start()

    def add_relay(self, relay_id: str, url: str) -> None:
        """Starts sending to an RTMP(S) URL from the last keyframe on; a failed relay is started again by its id."""
        self._fanout.add(relay_id, url)

    def remove_relay(self, relay_id: str) -> None:
        """Says goodbye without waiting; on_relay tells when it is finished. Unknown ids are nothing."""
        self._fanout.remove(relay_id)

    def relay_statuses(self) -> list[RelayStatus]:
        """Counts of every relay that was not removed."""
        return self._fanout.statuses()

    def stop(self) -> ProgrammeStats:
        """Ends picture and sound, closes the last segment and every destination."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        rest = Encoded([], []) if self._failed else self._engine.close()
        self._send(rest.chunks)
        self._bytes += sum(len(piece.data) for piece in rest.pieces)
        self._segmenter.close(rest.pieces, self._ticks / self._spec.encoder.fps)
        self._fanout.close()
        return self.stats()

    def stats(self) -> ProgrammeStats:
        return ProgrammeStats(
            started_at_ns=self._started_at_ns,
            duration_ns=self._ticks * 1_000_000_000 // self._spec.encoder.fps,
            frames=self._frames,
            skipped_frames=self._ticks - self._frames,
            segments=self._segmenter.count,
            bytes=self._bytes,
        )

    def _do(self, change: Callable[[], None]) -> None:
        """Between two ticks, so that no frame shows half of it."""
        if self._thread.is_alive():
            self._orders.append(change)
        else:
            change()

    def _run(self) -> None:
        try:
            self._begin()
            clock = self._engine.clock
            while not self._stopping.wait(max(0.0, clock.due_s() - time.monotonic())):
                self._tick()
        except Exception as error:
            log.exception("programme_failed")
            self._failed = True
            self._hooks.on_failed(error)

    def _begin(self) -> None:
        self._engine.clock.origin_s = time.monotonic()
        shown_ns = time.time_ns() - self._spec.delay_ms * 1_000_000
        self._started_at_ns = self._segmenter.started_at_ns = shown_ns
        self._hooks.on_started(self._started_at_ns)

    def _tick(self) -> None:
        while self._orders:
            self._obey(self._orders.popleft())
        tick = self._engine.clock.next_tick(time.monotonic())
        if tick is not None:
            self._deliver(self._engine.tick(tick))
            self._ticks += 1
            self._frames += tick.picture
            if tick.picture:
                self._still(tick.number)

    def _obey(self, change: Callable[[], None]) -> None:
        """One that fails is left out: the programme goes on as it was."""
        try:
            change()
        except Exception:
            log.exception("change_failed")

    def _still(self, number: int) -> None:
        if self._stills is None:
            return
        jpeg = self._stills.take(self._engine.compositor.frame, number)
        if jpeg is not None:
            self._hooks.on_still(jpeg)

    def _deliver(self, encoded: Encoded) -> None:
        self._send(encoded.chunks)
        for piece in encoded.pieces:
            self._bytes += len(piece.data)
            self._segmenter.feed(piece)

    def _send(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self._fanout.offer(chunk)


def _now_s(at_s: float | None) -> float:
    return time.monotonic() if at_s is None else at_s
