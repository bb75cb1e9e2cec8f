"""Chapters: cut where the words change (TextTiling's lexical cohesion) or the class pauses; pure. A first version."""

import math
import statistics
from collections import Counter
from collections.abc import Sequence

from pipelines.artifacts.words import content, key_phrases, rarity
from schema.recordings import Chapter, TranscriptSegment

WINDOW_MS = 60_000
# A class of any length gets a readable list: chapters are at least this long, and at most a dozen.
MIN_CHAPTER_MS = 45_000
MAX_CHAPTERS = 12
PAUSE_MS = 4_000
TITLE_PHRASES = 2


def chapters(
    transcript: Sequence[TranscriptSegment], duration_ms: int, title: str
) -> list[Chapter]:
    """They cover 0 to the end without a gap; a class that keeps to one subject is one chapter with the class's title."""
    end_ms = max(duration_ms, max((segment.end_ms for segment in transcript), default=0))
    if end_ms == 0:
        return []
    starts = [0, *_boundaries(transcript, end_ms)]
    if len(starts) == 1:
        return [Chapter(start_ms=0, end_ms=end_ms, title=title)]
    ends = [*starts[1:], end_ms]
    texts = [
        " ".join(s.text for s in transcript if start <= s.start_ms < end)
        for start, end in zip(starts, ends, strict=True)
    ]
    weight = rarity(texts)
    return [
        Chapter(start_ms=start, end_ms=end, title=_title(text, weight) or title)
        for start, end, text in zip(starts, ends, texts, strict=True)
    ]


def _boundaries(transcript: Sequence[TranscriptSegment], end_ms: int) -> list[int]:
    """Start times of the chapters after the first: the strongest shifts, far enough from each other and from the ends."""
    shifts = [_shift(transcript, n) for n in range(1, len(transcript))]
    if not shifts:
        return []
    threshold = statistics.fmean(shifts) + statistics.pstdev(shifts) / 2
    least_ms = max(MIN_CHAPTER_MS, end_ms // MAX_CHAPTERS)
    chosen: list[int] = []
    for n in sorted(range(len(shifts)), key=lambda n: -shifts[n]):
        start = transcript[n + 1].start_ms
        apart = all(abs(start - other) >= least_ms for other in (0, end_ms, *chosen))
        if shifts[n] > threshold and apart:
            chosen.append(start)
    return sorted(chosen)


def _shift(transcript: Sequence[TranscriptSegment], n: int) -> float:
    """How much the talk changes before segment n: 0 the same words without a pause, towards 1.5 other words after a pause."""
    at = transcript[n].start_ms
    before = Counter(_within(transcript[:n], at - WINDOW_MS, at))
    after = Counter(_within(transcript[n:], at, at + WINDOW_MS))
    pause_ms = max(0, at - max(segment.end_ms for segment in transcript[:n]))
    return 1 - cosine(before, after) + 0.5 * min(1.0, pause_ms / PAUSE_MS)


def _within(part: Sequence[TranscriptSegment], start_ms: int, end_ms: int) -> list[str]:
    return [w for s in part if start_ms <= s.start_ms < end_ms for w in content(s.text)]


def cosine(one: Counter[str], other: Counter[str]) -> float:
    norm = math.hypot(*one.values()) * math.hypot(*other.values())
    return sum(one[word] * other[word] for word in one) / norm if norm else 0.0


def _title(text: str, weight: dict[str, float]) -> str:
    phrases = key_phrases(text, weight, TITLE_PHRASES)
    joined = " and ".join(phrases)
    return joined[:1].upper() + joined[1:]
