"""Chapters: cut where the subject changes, the class pauses, or another slide or scene comes up; pure but for the model."""

import statistics
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from pipelines.derive.replay import duration_ms
from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import meaning, reading
from pipelines.text.shifts import lexical, semantic
from pipelines.text.words import key_phrases, rarity
from schema.recordings import Chapter, SlideShown, TranscriptSegment

# A class of any length gets a readable list: chapters are at least this long, and at most a dozen.
MIN_CHAPTER_MS = 45_000
MAX_CHAPTERS = 12
PAUSE_MS = 4_000
# What is shown changes a little before or after the talk does.
NEAR_MS = 6_000
PAUSE_WEIGHT, SHOWN_WEIGHT, QUESTION_WEIGHT = 0.5, 0.6, 0.15
TITLE_PHRASES = 2
RECIPE = Recipe(
    "sentence embeddings, cohesion of words, and what was shown",
    meaning.MODEL,
    {"minChapterMs": MIN_CHAPTER_MS, "maxChapters": MAX_CHAPTERS},
)

# One number a gap between segments: how much the subject changes there.
Shifts = Callable[[Sequence[TranscriptSegment]], list[float]]


class Course(msgspec.Struct, frozen=True):
    """What happened beside the words: when another slide or scene came up, when somebody asked, and the slides."""

    shown_ms: Sequence[int] = ()
    asked_ms: Sequence[int] = ()
    slides: Sequence[SlideShown] = ()


def make(task: Task) -> Made:
    source, slides = task.source, reading.slides(task)

    def at(kinds: set[str]) -> list[int]:
        return [s.at_unix_ms - source.origin_unix_ms for s in source.signs if s.kind in kinds]

    course = Course(sorted(at({"scene", "slide"})), sorted(at({"question", "poll"})), slides)
    spoken = reading.transcript(task)
    made = chapters(spoken, duration_ms(source), source.title, course, semantic)
    return as_json(made, RECIPE)


def chapters(
    transcript: Sequence[TranscriptSegment],
    duration_ms: int,
    title: str,
    course: Course = Course(),  # noqa: B008 frozen
    shifts: Shifts = lexical,
) -> list[Chapter]:
    """They cover 0 to the end without a gap; a class that keeps to one subject is one chapter with the class's title."""
    end_ms = max(duration_ms, max((segment.end_ms for segment in transcript), default=0))
    if end_ms == 0:
        return []
    starts = [0, *_boundaries(transcript, end_ms, course, shifts)]
    if len(starts) == 1:
        return [Chapter(start_ms=0, end_ms=end_ms, title=title)]
    spans = list(pairwise([*starts, end_ms]))
    texts = [" ".join(s.text for s in transcript if a <= s.start_ms < b) for a, b in spans]
    weight = rarity(texts)
    return [
        Chapter(
            start_ms=start,
            end_ms=end,
            title=_slide_title(course.slides, start, end) or _title(text, weight) or title,
        )
        for (start, end), text in zip(spans, texts, strict=True)
    ]


def _boundaries(
    transcript: Sequence[TranscriptSegment], end_ms: int, course: Course, shifts: Shifts
) -> list[int]:
    """Start times of the chapters after the first: the strongest changes, far enough from each other and from the ends."""
    if len(transcript) < 2:
        return []
    strength = [
        subject + beside
        for subject, beside in zip(shifts(transcript), _beside(transcript, course), strict=True)
    ]
    threshold = statistics.fmean(strength) + statistics.pstdev(strength) / 2
    least_ms = max(MIN_CHAPTER_MS, end_ms // MAX_CHAPTERS)
    chosen: list[int] = []
    for n in sorted(range(len(strength)), key=lambda n: -strength[n]):
        start = transcript[n + 1].start_ms
        apart = all(abs(start - other) >= least_ms for other in (0, end_ms, *chosen))
        if strength[n] > threshold and apart:
            chosen.append(start)
    return sorted(chosen)


def _beside(transcript: Sequence[TranscriptSegment], course: Course) -> list[float]:
    """The pause before each segment but the first, and what else changed there."""
    found, silent_since = [], 0
    for before, segment in pairwise(transcript):
        silent_since = max(silent_since, before.end_ms)
        pause = min(1.0, max(0, segment.start_ms - silent_since) / PAUSE_MS)
        shown = _near(course.shown_ms, segment.start_ms)
        asked = _near(course.asked_ms, segment.start_ms)
        found.append(PAUSE_WEIGHT * pause + SHOWN_WEIGHT * shown + QUESTION_WEIGHT * asked)
    return found


def _near(times: Sequence[int], at_ms: int) -> bool:
    n = bisect_left(times, at_ms - NEAR_MS)
    return n < len(times) and times[n] <= at_ms + NEAR_MS


def _slide_title(slides: Sequence[SlideShown], start_ms: int, end_ms: int) -> str:
    """Of the slide that stands there for at least half of the chapter, as its author named it."""
    for slide in slides:
        together = min(end_ms, slide.end_ms) - max(start_ms, slide.start_ms)
        if slide.title and together >= (end_ms - start_ms) / 2:
            return slide.title
    return ""


def _title(text: str, weight: dict[str, float]) -> str:
    phrases = key_phrases(text, weight, TITLE_PHRASES)
    joined = " and ".join(phrases)
    return joined[:1].upper() + joined[1:]
