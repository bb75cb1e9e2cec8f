"""What may be planned, and until when a plan can be changed: pure."""

from datetime import datetime
from uuid import UUID

from orchestrator.sessions.domain import refuse_over
from orchestrator.state.session import SessionState
from schema.errors import InvalidField, SessionIsLive
from schema.events import Event, SessionCancelled, SessionEdited, SessionRescheduled

# Typing errors outside; and what PostgreSQL or a time zone cannot hold.
YEARS = range(2000, 2200)


def check_times(start: datetime, end: datetime) -> None:
    """Raises InvalidField."""
    for field, moment in (("scheduledStart", start), ("scheduledEnd", end)):
        if moment.tzinfo is None:
            raise InvalidField(field, "A time needs its zone, as in 2026-01-31T09:00:00Z.")
        if moment.year not in YEARS:
            raise InvalidField(field, f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
    if end <= start:
        raise InvalidField("scheduledEnd", "A session ends after it starts.")


def edit(
    state: SessionState,
    user_id: UUID,
    title: str | None,
    start: datetime | None,
    end: datetime | None,
) -> list[Event]:
    """None leaves a part as it is, and so does its present value. Raises SessionIsLive, SessionOver, InvalidField."""
    _refuse_begun(state)
    events: list[Event] = []
    if title is not None and title != state.title:
        events.append(SessionEdited(title=title, edited_by=user_id))
    times = (start or state.scheduled_start, end or state.scheduled_end)
    if times != (state.scheduled_start, state.scheduled_end):
        events.append(_rescheduled(times, user_id))
    return events


def cancel(state: SessionState, user_id: UUID) -> list[Event]:
    """Cancelling what is cancelled changes nothing. Raises SessionIsLive, SessionOver."""
    if state.status == "cancelled":
        return []
    _refuse_begun(state)
    return [SessionCancelled(cancelled_by=user_id)]


def _rescheduled(times: tuple[datetime | None, datetime | None], user_id: UUID) -> Event:
    start, end = times
    if start is None or end is None:
        raise InvalidField("scheduledStart", "Give both the start and the end.")
    check_times(start, end)
    return SessionRescheduled(scheduled_start=start, scheduled_end=end, rescheduled_by=user_id)


def _refuse_begun(state: SessionState) -> None:
    refuse_over(state)
    if state.status == "live":
        raise SessionIsLive("The class has begun; its plan cannot be changed any more.")
