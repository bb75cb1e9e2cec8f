"""One clock for picture and sound: both count from one origin, frames and samples."""

from dataclasses import dataclass
from typing import NamedTuple

SAMPLE_RATE = 48_000

# Lateness up to which every picture is still made: a hiccup of a quarter second, as a burst of speech recognition
# makes on two cores, is caught up unseen, for a tick takes a third of its time. On a machine that is too slow the
# lateness hovers here, so that pictures are left out evenly, one after each that was made.
SLACK_FRAMES = 8


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
        """The next tick if its time has come."""
        late = int((now_s - self.origin_s) * self.fps + 1e-6) - self._next
        if late < 0:
            return None
        number = self._next
        key = number % self.gop_frames == 0
        self._next += 1
        return Tick(number, picture=key or late <= SLACK_FRAMES, key=key)
