"""When each sample was spoken: one absolute clock per track, kept against stalls of ours and drift of theirs. Pure."""

from collections import deque

# The SFU's client delivers sound without a break, so lateness is nearly always ours and passes by itself;
# only what stays for this long is a difference between the clocks or sound that was lost.
SETTLE_MS = 5000
# Every frame's lag need not be kept, only the least of each quarter of a second.
SPAN_MS = 250
TOLERANCE_MS = 200


class TrackClock:
    """Frames come in order with the time of their arrival, in Unix ms; `drift_ms` is by how much they steadily come late."""

    def __init__(self) -> None:
        self._next_ms: float | None = None
        self._least: deque[float] = deque(maxlen=SETTLE_MS // SPAN_MS)
        self._span_least_ms = float("inf")
        self._span_ms = 0.0
        self.drift_ms = 0.0

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
        self._span_least_ms = min(self._span_least_ms, lag_ms)
        self._span_ms += duration_ms
        if self._span_ms < SPAN_MS:
            return 0.0
        self._least.append(self._span_least_ms)
        self._begin_span()
        if len(self._least) < SETTLE_MS // SPAN_MS:
            return 0.0
        self.drift_ms = min(self._least)
        return self._anew(self.drift_ms) if self.drift_ms > TOLERANCE_MS else 0.0

    def _anew(self, jump_ms: float) -> float:
        self._least.clear()
        self._begin_span()
        self.drift_ms = 0.0
        return jump_ms

    def _begin_span(self) -> None:
        self._span_least_ms = float("inf")
        self._span_ms = 0.0
