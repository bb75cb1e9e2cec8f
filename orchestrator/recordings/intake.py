"""What room agents report: captions and closed speaker segments. Every report may come twice, late or out of order.

What is reported of somebody whom the log does not know is not kept: it could be nobody's.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.recordings.domain import speaker_recording_id
from orchestrator.recordings.tables import recordings, segments
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.agents import SpeakerSegment
from schema.errors import InvalidField, NotFound
from schema.events import CaptionFinalized, Event, RecordingAdded, RecordingCompleted

OGG = "audio/ogg"


class Intake:
    """Both methods return how many items were new. Raise NotFound."""

    def __init__(self, database: Database, events: EventLog[SessionState]) -> None:
        self._database = database
        self._events = events

    async def captions(self, session_id: UUID, reported: list[CaptionFinalized]) -> int:
        async with self._database.system_transaction() as tx:
            tenant_id = await _tenant_of(tx, session_id)
            return sum(
                [await self._caption(tx, tenant_id, session_id, caption) for caption in reported]
            )

    async def segments(self, session_id: UUID, reported: list[SpeakerSegment]) -> int:
        """Raises InvalidField for a key outside the session's own folder."""
        async with self._database.system_transaction() as tx:
            tenant_id = await _tenant_of(tx, session_id)
            _check_keys(f"{tenant_id}/{session_id}/speakers/", reported)
            new = 0
            for segment in reported:
                new += await self._segment(tx, tenant_id, session_id, segment)
        if new:
            await self.measure_speakers(session_id)
        return new

    async def measure_speakers(self, session_id: UUID) -> None:
        """After the end of class, notes the length of each speaker's recording as far as its segments have arrived."""
        async with self._database.system_transaction() as tx:
            rows = await tx.execute(_lengths(session_id))
            for row in rows.all():
                completed = RecordingCompleted(
                    recording_id=row.id, duration_ms=int(row.measured_ms)
                )
                key = f"recording:{row.id}:completed:{row.measured_ms}"
                await self._events.append(tx, row.tenant_id, session_id, key, _always(completed))

    async def unmeasured(self) -> list[UUID]:
        """Ended sessions with a speaker's recording that has no length yet."""
        async with self._database.system_transaction() as tx:
            rows = await tx.execute(
                sa.select(recordings.c.session_id)
                .distinct()
                .join(sessions, sessions.c.id == recordings.c.session_id)
                .where(
                    sessions.c.status == "ended",
                    recordings.c.kind == "speaker",
                    recordings.c.duration_ms.is_(None),
                )
            )
            return list(rows.scalars())

    async def _caption(
        self, tx: Transaction, tenant_id: UUID, session_id: UUID, caption: CaptionFinalized
    ) -> int:
        def take(state: SessionState) -> list[Event]:
            person = caption.participant_id
            known = person in state.participants and person not in state.captions.redacted
            return [caption] if known else []

        key = f"caption:{caption.segment_id}"
        stored = await self._events.append(tx, tenant_id, session_id, key, take)
        # What the log had already comes back as another object.
        return sum(event.payload is caption for event in stored)

    async def _segment(
        self, tx: Transaction, tenant_id: UUID, session_id: UUID, segment: SpeakerSegment
    ) -> int:
        if segment.participant_id not in (await self._events.state(tx, session_id)).participants:
            return 0
        name = speaker_recording_id(session_id, segment.participant_id, segment.track_sid)
        added = RecordingAdded(
            recording_id=name,
            kind="speaker",
            key=segment.key.rpartition("/")[0],
            mime_type=OGG,
            started_at_unix_ms=segment.started_at_unix_ms,
            participant_id=segment.participant_id,
        )
        await self._events.append(
            tx, tenant_id, session_id, f"recording:{name}:added", _always(added)
        )
        row = {
            "tenant_id": tenant_id,
            "recording_id": name,
            "index": segment.index,
            "key": segment.key,
            "started_at_unix_ms": segment.started_at_unix_ms,
            "duration_ms": segment.duration_ms,
            "size_bytes": segment.size_bytes,
            "sha256": segment.sha256,
        }
        done = await tx.execute(insert(segments).values(row).on_conflict_do_nothing())
        return done.rowcount


def _always(event: Event) -> Callable[[SessionState], list[Event]]:
    return lambda _: [event]


async def _tenant_of(tx: Transaction, session_id: UUID) -> UUID:
    tenant_id: UUID | None = await tx.scalar(
        sa.select(sessions.c.tenant_id).where(sessions.c.id == session_id)
    )
    if tenant_id is None:
        raise NotFound("There is no such session.")
    return tenant_id


def _check_keys(folder: str, reported: Iterable[SpeakerSegment]) -> None:
    for segment in reported:
        if not segment.key.startswith(folder) or ".." in segment.key:
            raise InvalidField("segments.key", "A segment lies in its session's folder.")


def _lengths(session_id: UUID) -> sa.Select[Any]:
    """Speaker recordings of an ended session whose length is not what their segments say."""
    end = sa.func.max(segments.c.started_at_unix_ms + segments.c.duration_ms)
    measured = (end - sa.func.min(segments.c.started_at_unix_ms)).label("measured_ms")
    return (
        sa.select(recordings.c.id, recordings.c.tenant_id, measured)
        .join(segments, segments.c.recording_id == recordings.c.id)
        .join(sessions, sessions.c.id == recordings.c.session_id)
        .where(recordings.c.session_id == session_id, sessions.c.status == "ended")
        .group_by(recordings.c.id)
        .having(measured.is_distinct_from(recordings.c.duration_ms))
    )
