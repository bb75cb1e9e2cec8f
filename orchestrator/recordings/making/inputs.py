"""What a pipeline gets to know of a session: taken from its log and its rows, without what was taken back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.recordings.domain import origin_unix_ms
from orchestrator.recordings.making.signs import signs
from orchestrator.recordings.making.treatment import treatment
from orchestrator.recordings.tables import captions, segments
from orchestrator.sessions.tables import sessions
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema.captions import CaptionSettings
from schema.events import CaptionFinalized, StoredEvent, Word
from schema.jobs import (
    LISTENING,
    ArtifactInput,
    ArtifactKind,
    Deck,
    JobRecording,
    RecordingPart,
    Treatment,
)

# Who reads what: a class of three hours has thousands of captions and events, and most kinds need neither.
HEARS: frozenset[ArtifactKind] = frozenset({"transcript"})
SEES: frozenset[ArtifactKind] = frozenset(
    {"slides", "chapters", "highlights", "search", "statistics"}
)
PAGE_EVENTS = 5000

# Of the class's course, for a class has its own in its log.
CourseSettings = Callable[[Transaction, UUID], Awaitable[CaptionSettings]]
Parts = dict[UUID, list[RecordingPart]]


async def artifact_input(
    tx: Transaction,
    events: EventLog[SessionState],
    tenant_id: UUID,
    session_id: UUID,
    kind: ArtifactKind,
    of_course: CourseSettings,
) -> ArtifactInput:
    last = await tx.scalar(sa.select(sessions.c.last_sequence).where(sessions.c.id == session_id))
    state = await events.state(tx, session_id)
    kept = [r for r in state.recordings.values() if r.participant_id not in state.captions.redacted]
    parts = await _parts(tx, [recording.id for recording in kept])
    told = await _told(tx, events, session_id) if kind in SEES | LISTENING else []
    said, corrected = await _captions(tx, session_id) if kind in HEARS else ([], frozenset())
    return ArtifactInput(
        session_id=session_id,
        tenant_id=tenant_id,
        title=state.title,
        origin_unix_ms=origin_unix_ms(state),
        ended_unix_ms=round(state.ended_at.timestamp() * 1000) if state.ended_at else 0,
        last_sequence=last,
        speakers={str(person.id): person.name for person in state.participants.values()},
        captions=said,
        corrected=corrected,
        recordings=[_recording(recording, parts) for recording in kept],
        done=state.artifacts,
        signs=signs(told) if kind in SEES else (),
        decks=tuple(
            Deck(id=key, name=asset.name, key=asset.key, pages=len(asset.pages))
            for key, asset in state.studio.assets.items()
        ),
        treatment=treatment(told, state, await of_course(tx, session_id))
        if kind in LISTENING
        else Treatment(),
    )


def _recording(recording: RecordingState, parts: Parts) -> JobRecording:
    return JobRecording(
        id=recording.id,
        kind=recording.kind,
        key=recording.key,
        mime_type=recording.mime_type,
        started_at_unix_ms=recording.started_at_unix_ms,
        duration_ms=recording.duration_ms or 0,
        participant_id=recording.participant_id,
        parts=tuple(parts.get(recording.id, [])),
    )


async def _told(
    tx: Transaction, events: EventLog[SessionState], session_id: UUID
) -> list[StoredEvent]:
    found: list[StoredEvent] = []
    while page := await events.told(tx, session_id, len(found), PAGE_EVENTS):
        found += page
    return found


async def _parts(tx: Transaction, recordings: list[UUID]) -> Parts:
    rows = await tx.execute(
        sa.select(segments)
        .where(segments.c.recording_id.in_(recordings))
        .order_by(segments.c.started_at_unix_ms, segments.c.index)
    )
    parts: Parts = {}
    for row in rows.mappings():
        part = RecordingPart(
            key=row["key"],
            started_at_unix_ms=row["started_at_unix_ms"],
            duration_ms=row["duration_ms"],
        )
        parts.setdefault(row["recording_id"], []).append(part)
    return parts


async def _captions(
    tx: Transaction, session_id: UUID
) -> tuple[list[CaptionFinalized], frozenset[str]]:
    """With what people wrote in place of what was heard, and which those are."""
    rows = await tx.execute(
        sa.select(captions)
        .where(captions.c.session_id == session_id)
        .order_by(captions.c.start_unix_ms, captions.c.segment_id)
    )
    found = list(rows.mappings())
    corrected = frozenset(row["segment_id"] for row in found if row["corrected_text"] is not None)
    return [_caption(row) for row in found], corrected


def _caption(row: sa.RowMapping) -> CaptionFinalized:
    """A corrected cue has no words of its own any more."""
    by_person = row["corrected_text"] is not None
    plain = {name: row[name] for name in CaptionFinalized.__struct_fields__ if name != "words"}
    caption = CaptionFinalized(**plain, words=[] if by_person else _words(row))
    return replace(caption, text=row["corrected_text"]) if by_person else caption


def _words(row: sa.RowMapping) -> list[Word]:
    return msgspec.convert(row["words"], list[Word])
