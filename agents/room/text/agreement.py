"""Which words of a partial stay: those that two looks in a row agree upon (LocalAgreement-2). Pure."""

from collections.abc import Sequence
from itertools import takewhile


class Agreement:
    """One per track; an utterance's looks come in order."""

    def __init__(self) -> None:
        self._segment_id = ""
        self._before: list[str] = []

    def stable_words(self, segment_id: str, heard: str) -> int:
        """How many of the first words of this look were in the one before it too."""
        words = heard.split()
        agreed = _agreed(self._before, words) if segment_id == self._segment_id else 0
        self._segment_id, self._before = segment_id, words
        return agreed


def _agreed(before: Sequence[str], now: Sequence[str]) -> int:
    pairs = zip(before, now, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
