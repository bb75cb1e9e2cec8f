"""An artifact as lines that a person reads and compares: a line for each thing that was said, found or shown; pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from schema.heard import CarefulPass, SoundsHeard
from schema.jobs import ArtifactKind
from schema.recordings import (
    Chapter,
    Highlight,
    QuizSuggestion,
    ReplayManifest,
    SearchEntry,
    SlideShown,
    Summary,
    TranscriptSegment,
)

# Participant id to name.
Names = Mapping[str, str]


def readable(kind: ArtifactKind, content: bytes, names: Names) -> list[str]:
    """As its JSON where a kind is short and has no form of its own."""
    if told := OF_PEOPLE.get(kind):
        return told(content, names)
    if reader := READERS.get(kind):
        return reader(content)
    return msgspec.json.format(content, indent=2).decode().splitlines()


def _speech(content: bytes, names: Names) -> list[str]:
    careful = msgspec.json.decode(content, type=CarefulPass)
    found = sorted(careful.utterances, key=lambda one: one.words[0].start_unix_ms)
    return [
        f"{_time_of_day(one.words[0].start_unix_ms)} {names.get(str(one.participant_id), '')}"
        f" ({one.language}): {' '.join(word.text for word in one.words)}"
        for one in found
    ]


def _sounds(content: bytes, names: Names) -> list[str]:
    heard = msgspec.json.decode(content, type=SoundsHeard)
    return [
        f"{_time_of_day(one.start_unix_ms)} {names.get(str(one.participant_id), '')}: {one.kind}"
        for one in sorted(heard.sounds, key=lambda one: one.start_unix_ms)
    ]


def _transcript(content: bytes) -> list[str]:
    spoken = msgspec.json.decode(content, type=list[TranscriptSegment])
    return [f"{_clock(s.start_ms)} {s.speaker}: {s.text}" for s in spoken]


def _slides(content: bytes) -> list[str]:
    shown = msgspec.json.decode(content, type=list[SlideShown])
    return [f"{_span(s.start_ms, s.end_ms)} {s.deck}, page {s.page}: {s.title}" for s in shown]


def _chapters(content: bytes) -> list[str]:
    found = msgspec.json.decode(content, type=list[Chapter])
    return [f"{_span(c.start_ms, c.end_ms)} {c.title}" for c in found]


def _highlights(content: bytes) -> list[str]:
    found = msgspec.json.decode(content, type=list[Highlight])
    return [f"{_span(h.start_ms, h.end_ms)} {h.title} ({h.reason})" for h in found]


def _search(content: bytes) -> list[str]:
    found = msgspec.json.decode(content, type=list[SearchEntry])
    return [f"{_clock(e.start_ms)} {e.kind} {e.speaker}: {' '.join(e.text.split())}" for e in found]


def _summary(content: bytes) -> list[str]:
    made = msgspec.json.decode(content, type=Summary)
    return [
        *(f"{_clock(point.start_ms)} {point.text}" for point in made.points),
        *(f"{_clock(term.start_ms)} {term.term}: {term.meaning}" for term in made.key_terms),
        *(f"{_clock(point.start_ms)} To do: {point.text}" for point in made.action_items),
    ]


def _quiz(content: bytes) -> list[str]:
    asked = msgspec.json.decode(content, type=list[QuizSuggestion])
    return [
        line
        for one in asked
        for line in (
            f"{_clock(one.start_ms)} {one.prompt}",
            *(f"  {'*' if n == one.correct else '-'} {o}" for n, o in enumerate(one.options)),
        )
    ]


def _replay(content: bytes) -> list[str]:
    """Without the object keys, which are new with each making."""
    packed = msgspec.json.decode(content, type=ReplayManifest)
    recorded = [
        f"{r.kind} {_time_of_day(r.started_at_unix_ms)} {_clock(r.duration_ms)}, {len(r.parts)} parts"
        for r in packed.recordings
    ]
    counted = (
        f"{packed.segment_count} segments, {packed.chapter_count} chapters,"
        f" {packed.highlight_count} highlights"
    )
    made = ", ".join(sorted(packed.artifacts))
    return [packed.title, _clock(packed.duration_ms), *recorded, made, counted]


def _span(start_ms: int, end_ms: int) -> str:
    return f"{_clock(start_ms)}-{_clock(end_ms)}"


def _clock(ms: int) -> str:
    """`0:00:05`."""
    minutes, second = divmod(ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"


def _time_of_day(unix_ms: int) -> str:
    return f"{datetime.fromtimestamp(unix_ms / 1000, UTC):%H:%M:%S}"


# What says who it was.
OF_PEOPLE: dict[ArtifactKind, Callable[[bytes, Names], list[str]]] = {
    "speech": _speech,
    "sounds": _sounds,
}
READERS: dict[ArtifactKind, Callable[[bytes], list[str]]] = {
    "transcript": _transcript,
    "slides": _slides,
    "chapters": _chapters,
    "highlights": _highlights,
    "search": _search,
    "summary": _summary,
    "quiz": _quiz,
    "replay": _replay,
}
