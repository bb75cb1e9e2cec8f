"""Which words of a partial stay: those that two looks in a row agree upon (LocalAgreement-2). Pure."""

from collections.abc import Sequence
from itertools import takewhile


class Agreement:
    """One per track; an utterance's looks come in order."""

    def __init__(self) -> None:
        self._segment_id = ""
        self._before: list[str] = []

    def shown(self, segment_id: str, heard: str) -> tuple[str, int]:
        """What to show, and how many of its first words stay; without the last word, which is often half spoken."""
        words = heard.split()
        agreed = _agreed(self._before, words) if segment_id == self._segment_id else 0
        self._segment_id, self._before = segment_id, words
        shown = words[:-1] if len(words) > 1 else words
        return " ".join(shown), min(agreed, len(shown))


def _agreed(before: Sequence[str], now: Sequence[str]) -> int:
    pairs = zip(before, now, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
