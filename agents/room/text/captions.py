"""What leaves for a speaker's screen, in which order: finals all, partials only if they still say something new. Pure."""

from collections import deque
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

# Three a second is as fast as people can follow changing text; more is load for every client.
MOST_PER_S = 3
SPACING_S = 1 / MOST_PER_S
# A closed segment's partials can only still be on their way for a moment.
REMEMBERED = 32


class Caption(msgspec.Struct, frozen=True):
    """`identity` is the speaker's; times are Unix ms; an empty final takes back what its partials showed.

    Of a partial the first `stable_words` are likely to stay.
    """

    segment_id: str
    identity: str
    track_sid: str
    text: str
    language: str
    start_ms: int
    end_ms: int
    final: bool
    stable_words: int = 0


class Allowance:
    """What may leave in one person's name, on all their tracks: at most MOST_PER_S in any second, finals too."""

    def __init__(self) -> None:
        self._left: deque[float] = deque(maxlen=MOST_PER_S)

    def wait_s(self, now_s: float) -> float:
        if len(self._left) < MOST_PER_S:
            return 0.0
        return max(self._left[0] + 1.0 - now_s, 0.0)

    def use(self, now_s: float) -> None:
        self._left.append(now_s)


class CaptionQueue:
    """One per track. Nothing of a segment leaves after its final, no text twice in a row, and nobody's who is not captioned."""

    def __init__(self, allowance: Allowance, captioned: Callable[[], bool]) -> None:
        self._allowance = allowance
        self._captioned = captioned
        self._finals: deque[Caption] = deque()
        self._partial: Caption | None = None
        self._closed: deque[str] = deque(maxlen=REMEMBERED)
        self._shown: dict[str, str] = {}
        self._last_s = float("-inf")

    def offer(self, caption: Caption) -> None:
        if caption.segment_id in self._closed:
            return
        if caption.final:
            self._close(caption)
        elif caption.text and self._shown.get(caption.segment_id) != caption.text:
            self._partial = caption

    def take(self, now_s: float) -> Caption | None:
        """What is to be sent now; it counts as sent."""
        if not self._captioned():
            self._partial = None
        if self.wait_s(now_s) != 0.0:
            return None
        self._allowance.use(now_s)
        if self._finals:
            final = self._finals.popleft()
            return final if self._captioned() else replace(final, text="")
        return self._taken_partial(now_s)

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until there is something to take; None when nothing waits."""
        allowed_s = self._allowance.wait_s(now_s)
        if self._finals:
            return allowed_s
        if self._partial is None:
            return None
        return max(self._last_s + SPACING_S - now_s, allowed_s)

    def _taken_partial(self, now_s: float) -> Caption | None:
        caption, self._partial = self._partial, None
        if caption is not None:
            self._last_s = now_s
            self._shown[caption.segment_id] = caption.text
        return caption

    def _close(self, caption: Caption) -> None:
        self._closed.append(caption.segment_id)
        shown = self._shown.pop(caption.segment_id, "")
        if self._partial is not None and self._partial.segment_id == caption.segment_id:
            self._partial = None
        if caption.text or shown:
            self._finals.append(caption)
