"""Whether a programme suffers from a machine that is too slow; judged with patience, so that it does not flicker."""

from dataclasses import dataclass

# Share of the pictures of one look that were left out: from here on somebody sees it.
SEEN = 0.1
# Calm looks after which it is over.
CALM_LOOKS = 3


@dataclass(slots=True)
class Strain:
    """Told the totals every few seconds."""

    degraded: bool = False
    _frames: int = 0
    _skipped: int = 0
    _calm: int = 0

    def look(self, frames: int, skipped: int) -> bool:
        """Totals of pictures made and left out so far; whether the picture is degraded now."""
        made, missed = frames - self._frames, skipped - self._skipped
        self._frames, self._skipped = frames, skipped
        if missed > SEEN * (made + missed):
            self.degraded, self._calm = True, 0
        else:
            self._calm += 1
            self.degraded &= self._calm < CALM_LOOKS
        return self.degraded
