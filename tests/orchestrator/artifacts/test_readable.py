"""Every kind that is long reads like what it is, not like its JSON."""

from uuid import UUID

import msgspec
import pytest

from orchestrator.artifacts.readable import READERS, readable
from schema.events import Word
from schema.heard import CarefulPass, SoundHeard, SoundsHeard, Utterance
from schema.jobs import ArtifactKind, JobRecording, RecordingPart
from schema.recordings import (
    Chapter,
    Highlight,
    KeyTerm,
    Point,
    QuizSuggestion,
    ReplayManifest,
    SearchEntry,
    SlideShown,
    Summary,
    TranscriptSegment,
)

ADA = UUID(int=3)
MORNING = 1_800_000_000_000
SHOWN = SlideShown(
    asset_id=ADA,
    page=2,
    start_ms=0,
    end_ms=61_000,
    deck="Cells.pdf",
    title="Osmosis",
    text="",
    key="",
    thumbnail_key="",
)
PARTS = tuple(RecordingPart(key=f"{n}.ogg", started_at_unix_ms=n) for n in range(360))
SPEAKER = JobRecording(
    id=ADA,
    kind="speaker",
    key="",
    mime_type="audio/ogg",
    started_at_unix_ms=MORNING,
    duration_ms=3_600_000,
    parts=PARTS,
)
MADE: dict[ArtifactKind, tuple[object, list[str]]] = {
    "transcript": (
        [
            TranscriptSegment(
                id="SG",
                participant_id=ADA,
                speaker="Ada",
                start_ms=3_605_000,
                end_ms=0,
                text="Hi.",
                words=[],
            )
        ],
        ["1:00:05 Ada: Hi."],
    ),
    "slides": ([SHOWN], ["0:00:00-0:01:01 Cells.pdf, page 2: Osmosis"]),
    "chapters": ([Chapter(start_ms=0, end_ms=61_000, title="Cells")], ["0:00:00-0:01:01 Cells"]),
    "highlights": (
        [Highlight(start_ms=0, end_ms=1_000, title="Why?", reason="a question")],
        ["0:00:00-0:00:01 Why? (a question)"],
    ),
    "search": (
        [SearchEntry(kind="chat", source_id="x", start_ms=0, text="two\nlines", speaker="Ada")],
        ["0:00:00 chat Ada: two lines"],
    ),
    "summary": (
        Summary(
            method="extractive",
            points=[Point(start_ms=0, text="Cells live.")],
            key_terms=[KeyTerm(term="cell", start_ms=0, count=2, meaning="A room.")],
            action_items=[Point(start_ms=9_000, text="Read on.")],
        ),
        ["0:00:00 Cells live.", "0:00:00 cell: A room.", "0:00:09 To do: Read on."],
    ),
    "quiz": (
        [QuizSuggestion(prompt="What?", options=["a", "b"], correct=1, start_ms=0)],
        ["0:00:00 What?", "  - a", "  * b"],
    ),
    "replay": (
        ReplayManifest(
            session_id=ADA,
            title="Biology",
            origin_unix_ms=MORNING,
            duration_ms=3_600_000,
            recordings=[SPEAKER],
            artifacts={"transcript": "some-key.json"},
            segment_count=1,
            chapter_count=2,
            highlight_count=3,
        ),
        [
            "Biology",
            "1:00:00",
            "speaker 08:00:00 1:00:00, 360 parts",
            "transcript",
            "1 segments, 2 chapters, 3 highlights",
        ],
    ),
    "speech": (
        CarefulPass(
            model="tiny.en",
            utterances=[
                Utterance(
                    recording_id=ADA,
                    participant_id=ADA,
                    language="en",
                    words=[
                        Word(start_unix_ms=MORNING, end_unix_ms=MORNING + 1, text=text)
                        for text in ("Good", "morning.")
                    ],
                )
            ],
            speech_ms=1,
            unreadable=[],
        ),
        ["08:00:00 Ada (en): Good morning."],
    ),
    "sounds": (
        SoundsHeard(
            model="YAMNet int8",
            sounds=[
                SoundHeard(
                    kind="laughter",
                    participant_id=ADA,
                    start_unix_ms=MORNING,
                    end_unix_ms=MORNING + 960,
                    confidence=0.6,
                )
            ],
            unreadable=[],
        ),
        ["08:00:00 Ada: laughter"],
    ),
}


def test_every_reader_is_tried() -> None:
    assert set(MADE) == {*READERS, "speech", "sounds"}


@pytest.mark.parametrize("kind", MADE)
def test_a_kind_is_read_as_what_it_is(kind: ArtifactKind) -> None:
    content, lines = MADE[kind]
    assert readable(kind, msgspec.json.encode(content), {str(ADA): "Ada"}) == lines


def test_what_is_short_is_read_as_its_json() -> None:
    assert readable("tracks", b'[{"suffix":"a.ogg"}]', {}) == [
        "[",
        "  {",
        '    "suffix": "a.ogg"',
        "  }",
        "]",
    ]
