"""Inputs for pipelines."""

from uuid import UUID, uuid5

from schema.events import CaptionFinalized, Word
from schema.jobs import ArtifactInput, Deck, JobRecording, Sign
from schema.recordings import TranscriptSegment

SPACE = UUID(int=7)
ORIGIN = 1_800_000_000_000


def person(name: str) -> UUID:
    return uuid5(SPACE, name)


def caption(n: int, name: str, start_ms: int, end_ms: int, text: str) -> CaptionFinalized:
    """Times from the origin."""
    start, end = ORIGIN + start_ms, ORIGIN + end_ms
    return CaptionFinalized(
        segment_id=f"SG_{n}",
        participant_id=person(name),
        track_sid="TR_1",
        start_unix_ms=start,
        end_unix_ms=end,
        text=text,
        language="en",
        words=[Word(start_unix_ms=start, end_unix_ms=end, text=text)],
    )


def source(
    captions: list[CaptionFinalized],
    speakers: tuple[str, ...] = ("Ada", "Ben"),
    recordings: list[JobRecording] | None = None,
    done: dict[str, str] | None = None,
    signs: tuple[Sign, ...] = (),
    decks: tuple[Deck, ...] = (),
    corrected: frozenset[str] = frozenset(),
) -> ArtifactInput:
    return ArtifactInput(
        session_id=UUID(int=1),
        tenant_id=UUID(int=2),
        title="Physics",
        origin_unix_ms=ORIGIN,
        ended_unix_ms=ORIGIN + 600_000,
        last_sequence=9,
        speakers={str(person(name)): name for name in speakers},
        captions=captions,
        recordings=recordings or [],
        done=done or {},
        signs=signs,
        decks=decks,
        corrected=corrected,
    )


def said(start_ms: int, end_ms: int, text: str, name: str = "Ada") -> TranscriptSegment:
    return TranscriptSegment(
        id=f"SG_{start_ms}",
        participant_id=person(name),
        speaker=name,
        start_ms=start_ms,
        end_ms=end_ms,
        text=text,
        words=[],
    )
