"""When which captions stand in the picture; pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from schema.recordings import TranscriptSegment

# As many lines as people read at a glance; a longer sentence is shown page by page.
LINES = 2

# Cuts a text into lines that fit.
Fit = Callable[[str], list[str]]
Texts = tuple[str, ...]


class Cue(NamedTuple):
    start_ms: int
    end_ms: int
    text: str


class Captions:
    """Of a whole class, on the replay's clock."""

    def __init__(self, transcript: Sequence[TranscriptSegment], fit: Fit) -> None:
        changes = list(_changes(sorted(cues(transcript, fit))))
        self._times = [at_ms for at_ms, _ in changes]
        self._texts = [texts for _, texts in changes]

    def at(self, ms: float) -> Texts:
        """The latest last; two where two people speak at once."""
        index = bisect_right(self._times, ms)
        return self._texts[index - 1] if index else ()


def cues(transcript: Sequence[TranscriptSegment], fit: Fit) -> Iterator[Cue]:
    """A name is said again only when another speaks."""
    last = None
    for segment in transcript:
        named = segment.text if segment.participant_id == last else _named(segment)
        last = segment.participant_id
        yield from _pages(segment, fit(named))


def _named(segment: TranscriptSegment) -> str:
    return f"{segment.speaker}: {segment.text}"


def _pages(segment: TranscriptSegment, lines: list[str]) -> Iterator[Cue]:
    """Each for its share of the letters."""
    pages = [" ".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]
    letters, length_ms = sum(map(len, pages)), segment.end_ms - segment.start_ms
    before = 0
    for page in pages:
        start, before = before, before + len(page)
        yield Cue(
            segment.start_ms + length_ms * start // letters,
            segment.start_ms + length_ms * before // letters,
            page,
        )


def _changes(ordered: Sequence[Cue]) -> Iterator[tuple[int, Texts]]:
    """What is shown from each time on at which that changes."""
    shown: list[Cue] = []
    begun = 0
    for at_ms in sorted({at for cue in ordered for at in (cue.start_ms, cue.end_ms)}):
        while begun < len(ordered) and ordered[begun].start_ms <= at_ms:
            shown.append(ordered[begun])
            begun += 1
        shown = [cue for cue in shown if cue.end_ms > at_ms]
        yield at_ms, tuple(cue.text for cue in shown)
