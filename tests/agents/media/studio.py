"""A class in virtual time: sources pushed on a made-up clock, and what the programme shows and sounds like."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import av
import numpy as np
import numpy.typing as npt

from agents.media.clock import SAMPLE_RATE, MediaClock, Tick
from agents.media.codecs.encoder import Encoded
from agents.media.engine import Engine, ProgrammeSpec
from agents.media.mux import Chunk, Piece
from agents.media.picture.frame import I420

# Far from zero, as a monotonic clock is.
ORIGIN_S = 5000.0
CHUNK_S = 0.01
RED, GREEN, BLUE, WHITE, GREY = (
    (76, 85, 255),
    (150, 44, 21),
    (29, 255, 107),
    (235, 128, 128),
    (90, 128, 128),
)

Feed = Callable[[Engine, float], None]


def flat(yuv: tuple[int, int, int], width: int = 640, height: int = 360, rotation: int = 0) -> I420:
    """A picture of one colour."""
    luma, chroma = width * height, ((width + 1) // 2) * ((height + 1) // 2)
    data = b"".join(bytes([v]) * n for v, n in zip(yuv, (luma, chroma, chroma), strict=True))
    return I420.from_buffer(data, width, height, rotation)


def tone(
    start_s: float, duration_s: float, hertz: float = 440.0, peak: int = 8000
) -> npt.NDArray[np.int16]:
    """Mono samples of a sine whose phase follows the clock, so that chunks join."""
    at = np.arange(round(start_s * SAMPLE_RATE), round((start_s + duration_s) * SAMPLE_RATE))
    return np.round(peak * np.sin(2 * np.pi * hertz * at / SAMPLE_RATE)).astype(np.int16)


def steps(start_s: float, end_s: float, step_s: float) -> Iterator[float]:
    """Times at a regular pace, without the rounding of repeated addition."""
    for i in range(round((end_s - start_s) / step_s)):
        yield start_s + i * step_s


def due(clock: MediaClock, now_s: float) -> Iterator[Tick]:
    """All ticks whose time has come."""
    while (tick := clock.next_tick(now_s)) is not None:
        yield tick


@dataclass(slots=True)
class Studio:
    """Feeds run each 10 ms of virtual time; then the ticks that are due are made."""

    spec: ProgrammeSpec = field(default_factory=ProgrammeSpec)
    chunks: list[Chunk] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.spec, ORIGIN_S)

    def run(self, start_s: float, end_s: float, *feeds: Feed) -> None:
        """From `start_s` to `end_s` of the programme; a feed is called with the engine and the programme's time."""
        for now_s in steps(start_s, end_s, CHUNK_S):
            for feed in feeds:
                feed(self.engine, now_s)
            for tick in due(self.engine.clock, ORIGIN_S + now_s):
                self._take(self.engine.tick(tick))

    def finish(self) -> bytes:
        """The programme as a destination gets it."""
        self._take(self.engine.close())
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def recording(self) -> bytes:
        return b"".join(piece.data for piece in self.pieces)

    def _take(self, encoded: Encoded) -> None:
        self.chunks += encoded.chunks
        self.pieces += encoded.pieces


@dataclass(frozen=True, slots=True)
class Decoded:
    """A stream decoded whole; sound is mono in -1 to 1, one value per sample."""

    pts_s: list[float]
    frames: list[av.VideoFrame]
    keys: list[int]
    sound: npt.NDArray[np.float64]
    sound_start_s: float

    def yuv_at(self, index: int, x: int, y: int) -> tuple[int, int, int]:
        luma, u, v = (
            np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
            for plane in self.frames[index].planes
        )
        return int(luma[y, x]), int(u[y // 2, x // 2]), int(v[y // 2, x // 2])


def decode(stream: bytes) -> Decoded:
    frames: list[av.VideoFrame] = []
    sounds: list[av.AudioFrame] = []
    with av.open(io.BytesIO(stream), "r") as container:
        for frame in container.decode(video=0, audio=0):
            (frames if isinstance(frame, av.VideoFrame) else sounds).append(frame)  # type: ignore[arg-type]
    parts = [np.asarray(frame.to_ndarray(), np.float64).mean(axis=0) for frame in sounds]
    return Decoded(
        pts_s=[frame.time or 0.0 for frame in frames],
        frames=frames,
        keys=[i for i, frame in enumerate(frames) if frame.key_frame],
        sound=np.concatenate(parts) if parts else np.zeros(0),
        sound_start_s=sounds[0].time or 0.0 if sounds else 0.0,
    )


def talk(spec: ProgrammeSpec, duration_s: float) -> list[Chunk]:
    """The programme of somebody with sound and no picture."""
    studio = Studio(spec)
    studio.engine.add_source("a", "Ada")

    def feed(engine: Engine, now_s: float) -> None:
        engine.push_audio("a", tone(now_s, 0.01), ORIGIN_S + now_s)

    studio.run(0.0, duration_s, feed)
    studio.finish()
    return studio.chunks
