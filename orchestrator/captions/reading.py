"""What was said, as it reads now, and how a class is captioned."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.captions.tables import course_settings
from orchestrator.core.database import Transaction
from orchestrator.courses.tables import lessons
from orchestrator.recordings.tables import captions
from orchestrator.sessions.history.paging import Span
from orchestrator.sessions.tables import sessions
from orchestrator.state.captions import without_speech
from orchestrator.state.session import SessionState
from schema.captions import USUAL, CaptionSettings, Cue
from schema.events import CaptionCorrected, CaptionFinalized, StoredEvent

CUES = sa.select(
    captions.c.sequence,
    captions.c.segment_id,
    captions.c.participant_id,
    captions.c.start_unix_ms,
    captions.c.end_unix_ms,
    sa.func.coalesce(captions.c.corrected_text, captions.c.text).label("text"),
    sa.case((captions.c.corrected_text.is_not(None), captions.c.text)).label("original"),
    captions.c.language,
)


async def cues(tx: Transaction, session_id: UUID, span: Span) -> list[Cue]:
    """As they were heard, oldest first; what a redacted speaker said is not there."""
    wanted = CUES.where(captions.c.session_id == session_id, captions.c.text != "")
    return [Cue(**row) for row in await span.rows(tx, wanted, captions.c.sequence)]


async def cue(tx: Transaction, session_id: UUID, segment_id: str) -> Cue | None:
    """None also for another class's."""
    wanted = CUES.where(captions.c.session_id == session_id, captions.c.segment_id == segment_id)
    row = (await tx.execute(wanted)).mappings().first()
    return None if row is None else Cue(**row)


async def settings_of(tx: Transaction, session_id: UUID, state: SessionState) -> CaptionSettings:
    """The class's own, else its course's, else the usual ones."""
    return state.captions.settings or await of_course(tx, session_id)


async def of_course(tx: Transaction, session_id: UUID) -> CaptionSettings:
    """What a class follows that has none of its own."""
    course = (
        sa.select(lessons.c.course_id)
        .join(sessions, sessions.c.lesson_id == lessons.c.id)
        .where(sessions.c.id == session_id)
    )
    return await course_settings_of(tx, course_settings.c.course_id == course.scalar_subquery())


async def course_settings_of(tx: Transaction, condition: sa.ColumnElement[bool]) -> CaptionSettings:
    found: Any = await tx.scalar(sa.select(course_settings.c.settings).where(condition))
    return USUAL if found is None else msgspec.convert(found, CaptionSettings)


async def redacted(tx: Transaction, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """The same events, without the words of redacted speakers: their captions are empty."""
    spoken = [e for e in events if isinstance(e.payload, CaptionFinalized | CaptionCorrected)]
    if not spoken:
        return list(events)
    wanted = sa.select(captions.c.session_id, captions.c.segment_id).where(
        captions.c.session_id.in_({event.session_id for event in spoken}), captions.c.text == ""
    )
    gone = {(row.session_id, row.segment_id) for row in await tx.execute(wanted)}
    return [without_speech(event, gone) for event in events] if gone else list(events)
