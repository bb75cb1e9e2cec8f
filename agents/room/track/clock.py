"""When each sample was spoken: one absolute clock per track, kept against stalls of ours and drift of theirs. Pure."""

from collections import deque

# The SFU's client delivers sound without a break, so lateness is nearly always ours and passes by itself;
# only what stays for this long is a difference between the clocks or sound that was lost.
SETTLE_MS = 5000
TOLERANCE_MS = 200


class TrackClock:
    """Frames come in order with the time of their arrival; all times are Unix milliseconds."""

    def __init__(self) -> None:
        self._next_ms: float | None = None
        self._lags: deque[tuple[float, float]] = deque()
        self._settled_ms = 0.0

    def place(self, duration_ms: float, arrived_ms: float) -> tuple[float, float]:
        """The frame's start, and how far the clock had to jump for it (0 for almost every frame)."""
        if self._next_ms is None:
            self._next_ms = arrived_ms - duration_ms
        jump_ms = self._jump(arrived_ms - (self._next_ms + duration_ms), duration_ms)
        start_ms = self._next_ms + jump_ms
        self._next_ms = start_ms + duration_ms
        return start_ms, jump_ms

    def _jump(self, lag_ms: float, duration_ms: float) -> float:
        # Nothing arrives before it was spoken: the first frame must have been late.
        if lag_ms < -TOLERANCE_MS:
            return self._anew(lag_ms)
        self._lags.append((lag_ms, duration_ms))
        self._settled_ms += duration_ms
        if self._settled_ms < SETTLE_MS:
            return 0.0
        steady_ms = min(lag for lag, _ in self._lags)
        self._settled_ms -= self._lags.popleft()[1]
        return self._anew(steady_ms) if steady_ms > TOLERANCE_MS else 0.0

    def _anew(self, jump_ms: float) -> float:
        self._lags.clear()
        self._settled_ms = 0.0
        return jump_ms
