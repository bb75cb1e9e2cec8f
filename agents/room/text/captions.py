"""What leaves for a speaker's screen, in which order: finals all, partials only if they still say something new. Pure."""

from collections import deque

import msgspec

# Three a second is as fast as people can follow changing text; more is load for every client.
SPACING_S = 1 / 3
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


class CaptionQueue:
    """One per track. Nothing of a segment leaves after its final, and no text twice in a row."""

    def __init__(self) -> None:
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
        if self._finals:
            return self._finals.popleft()
        if self._partial is None or self._last_s + SPACING_S > now_s:
            return None
        caption, self._partial = self._partial, None
        self._last_s = now_s
        self._shown[caption.segment_id] = caption.text
        return caption

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until there is something to take; None when nothing waits."""
        if self._finals:
            return 0.0
        if self._partial is None:
            return None
        return max(self._last_s + SPACING_S - now_s, 0.0)

    def _close(self, caption: Caption) -> None:
        self._closed.append(caption.segment_id)
        shown = self._shown.pop(caption.segment_id, "")
        if self._partial is not None and self._partial.segment_id == caption.segment_id:
            self._partial = None
        if caption.text or shown:
            self._finals.append(caption)
