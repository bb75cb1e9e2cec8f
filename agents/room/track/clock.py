"""When each sample was spoken: one absolute clock per track, kept against lost packets and stalls. Pure."""

from collections import deque

# Lag that stays this long is a gap in the sound; lag that shrinks again was a stall of ours.
SETTLE_MS = 1000
TOLERANCE_MS = 100
# After this much nothing was merely late: the microphone was off or the link was down.
GAP_MS = 1000


class TrackClock:
    """Frames come in order with the time of their arrival; all times are Unix milliseconds."""

    def __init__(self) -> None:
        self._next_ms: float | None = None
        self._lags: deque[tuple[float, float]] = deque()

    def place(self, duration_ms: float, arrived_ms: float) -> tuple[float, float]:
        """The frame's start, and how far the clock had to jump for it (0 for almost every frame)."""
        if self._next_ms is None:
            self._next_ms = arrived_ms - duration_ms
        lag_ms = arrived_ms - (self._next_ms + duration_ms)
        jump_ms = self._jump(lag_ms, duration_ms)
        if jump_ms:
            self._lags.clear()
        start_ms = self._next_ms + jump_ms
        self._next_ms = start_ms + duration_ms
        return start_ms, jump_ms

    def _jump(self, lag_ms: float, duration_ms: float) -> float:
        if lag_ms > GAP_MS or lag_ms < -TOLERANCE_MS:
            return lag_ms
        self._lags.append((lag_ms, duration_ms))
        settled_ms = sum(duration for _, duration in self._lags)
        if settled_ms < SETTLE_MS:
            return 0.0
        self._lags.popleft()
        steady_ms = min(lag for lag, _ in self._lags)
        return steady_ms if steady_ms > TOLERANCE_MS else 0.0
