"""How much the subject changes between one segment and the next, 0 to 1: by words (TextTiling), or by their meaning."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.text import meaning
from pipelines.text.words import content
from schema.recordings import TranscriptSegment

WINDOW_MS = 60_000
# A replay is waited for: of a long class so many sentences are asked for their meaning, and from further around.
MOST_SENTENCES = 500
# Sentences of one lecture are never strangers: what lies between these is stretched to 0..1.
STRANGE, ALIKE = 0.1, 0.7


def lexical(transcript: Sequence[TranscriptSegment]) -> list[float]:
    """1 where the words within a minute before and after are all different."""
    bags = [Counter(content(segment.text)) for segment in transcript]
    found = []
    for n in range(1, len(bags)):
        before, after = _around(transcript, n, transcript[n].start_ms, WINDOW_MS)
        found.append(1 - _cosine(_sum(bags[before]), _sum(bags[after])))
    return found


def semantic(transcript: Sequence[TranscriptSegment]) -> list[float]:
    """The mean of what words and sentence embeddings say: the model is English, and words speak any language."""
    step = max(1, math.ceil(len(transcript) / MOST_SENTENCES))
    asked = transcript[::step]
    vectors = meaning.embed([segment.text for segment in asked])
    found = []
    for n, by_words in enumerate(lexical(transcript), start=1):
        middle = min(math.ceil(n / step), len(asked) - 1)
        before, after = _around(asked, middle, transcript[n].start_ms, WINDOW_MS * step)
        alike = _alike(vectors[before], vectors[after])
        by_meaning = min(1.0, max(0.0, (ALIKE - alike) / (ALIKE - STRANGE)))
        found.append((by_words + by_meaning) / 2)
    return found


def _around(
    transcript: Sequence[TranscriptSegment], n: int, at_ms: int, window_ms: int
) -> tuple[slice, slice]:
    """The segments before the n-th and from it on that begin within the window around a time."""
    first = bisect_left(transcript, at_ms - window_ms, 0, n, key=_start_ms)
    last = bisect_left(transcript, at_ms + window_ms, n, key=_start_ms)
    return slice(first, n), slice(n, last)


def _start_ms(segment: TranscriptSegment) -> int:
    return segment.start_ms


def _alike(before: meaning.Vectors, after: meaning.Vectors) -> float:
    """Between the middles of two groups; a pause of a minute leaves one side empty."""
    if not len(before) or not len(after):
        return STRANGE
    one, other = before.mean(0), after.mean(0)
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9))


def _sum(bags: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for bag in bags:
        total.update(bag)
    return total


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    norm = math.hypot(*one.values()) * math.hypot(*other.values())
    return sum(one[word] * other[word] for word in one) / norm if norm else 0.0
