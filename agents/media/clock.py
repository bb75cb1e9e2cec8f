"""One clock for picture and sound: both count from one origin, frames and samples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

SAMPLE_RATE = 48_000

# Lateness, in frames, up to which every frame is still made: a hiccup of 100 ms is caught up unseen.
SLACK_FRAMES = 3
# Beyond that one frame in `stride` is made; the steps keep the rate even while it falls.
STRIDES = ((30, 6), (15, 4), (8, 3), (SLACK_FRAMES, 2))


class Tick(NamedTuple):
    number: int
    picture: bool
    """False where the picture is left out because the machine is behind; the sound never is."""
    key: bool


@dataclass(slots=True)
class MediaClock:
    """Turns monotonic seconds into ticks that only go forward."""

    origin_s: float
    fps: int
    gop_frames: int
    _next: int = 0
    _last_picture: int = -1

    def position(self, number: int) -> int:
        """Sample at which that tick's sound begins; whole for any frame rate, and never drifting."""
        return number * SAMPLE_RATE // self.fps

    def due_s(self) -> float:
        """When the next tick is to be made."""
        return self.time_s(self._next)

    def time_s(self, number: int) -> float:
        return self.origin_s + number / self.fps

    def sample_at(self, now_s: float) -> int:
        """Position of that moment in the sound, negative before the origin."""
        return round((now_s - self.origin_s) * SAMPLE_RATE)

    def next_tick(self, now_s: float) -> Tick | None:
        """The next tick if its time has come; call again until it answers None."""
        late = int((now_s - self.origin_s) * self.fps + 1e-6) - self._next
        if late < 0:
            return None
        number = self._next
        key = number % self.gop_frames == 0
        picture = key or number - self._last_picture >= _stride(late)
        self._next += 1
        if picture:
            self._last_picture = number
        return Tick(number, picture, key)

    def ticks(self, now_s: float) -> Iterator[Tick]:
        """All ticks due at `now_s`."""
        while (tick := self.next_tick(now_s)) is not None:
            yield tick


def _stride(late_frames: int) -> int:
    return next((stride for late, stride in STRIDES if late_frames > late), 1)
