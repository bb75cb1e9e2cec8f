"""Who was there, from when to when: what the log says of connections, added up; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby

from orchestrator.core.guard.spreadsheet import csv_of
from orchestrator.state.people import ParticipantState, People, evolve
from schema import events as e
from schema.people import Absentee, Attendance, Attendee, Stay

HEADINGS = ["Name", "Role", "Joined", "Left", "Minutes present", "Stays"]


def attendance(
    log: Sequence[e.StoredEvent], absent: Sequence[Absentee], now: datetime
) -> Attendance:
    """Of a log of connections, in its order. Who is still there is counted up to the end of class, or to `now`."""
    people: People = reduce(evolve, log, {})
    ended_at = _when(log, e.SessionEnded)
    stays = _stays(log, ended_at or now)
    here = {user.user_id for user in people.values()}
    return Attendance(
        started_at=_when(log, e.SessionStarted),
        ended_at=ended_at,
        items=[_attendee(one, stays.get(str(one.id), [])) for one in people.values()],
        absent=[one for one in absent if one.user_id not in here],
    )


def as_csv(found: Attendance) -> str:
    """A line a person; who never came has no times."""
    lines = [
        [
            one.name,
            "guest" if one.guest else one.role,
            _text(one.stays[0].start if one.stays else None),
            _text(one.stays[-1].end if one.stays else None),
            f"{one.present_ms / 60_000:.1f}",
            str(len(one.stays)),
        ]
        for one in found.items
    ]
    missing = [[one.name, "student", "", "", "0.0", "0"] for one in found.absent]
    return csv_of([HEADINGS, *lines, *missing])


def merged(stays: Iterable[Stay]) -> list[Stay]:
    """In order of time; two devices at once are one stay."""
    whole: list[Stay] = []
    for stay in sorted(stays, key=lambda one: (one.start, one.end)):
        if whole and stay.start <= whole[-1].end:
            whole[-1] = Stay(start=whole[-1].start, end=max(whole[-1].end, stay.end))
        else:
            whole.append(stay)
    return whole


def _stays(log: Sequence[e.StoredEvent], end: datetime) -> dict[str, list[Stay]]:
    """By participant. A connection is open from its coming to its going, and none outlives the class."""
    came: dict[str, tuple[str, datetime]] = {}
    gone: dict[str, datetime] = {}
    for event in log:
        match event.payload:
            case e.ParticipantConnected(participant_id=pid, sid=sid):
                came.setdefault(sid, (str(pid), event.created_at))
            case e.ParticipantLeft(sid=sid):
                gone.setdefault(sid, event.created_at)
    found = [
        (pid, Stay(start=start, end=max(start, min(gone.get(sid, end), end))))
        for sid, (pid, start) in came.items()
    ]
    found.sort(key=lambda one: one[0])
    return {
        pid: merged(stay for _, stay in group)
        for pid, group in groupby(found, key=lambda one: one[0])
    }


def _attendee(person: ParticipantState, stays: list[Stay]) -> Attendee:
    present = sum(((stay.end - stay.start) for stay in stays), timedelta())
    return Attendee(
        participant_id=person.id,
        user_id=person.user_id,
        name=person.name,
        role=person.role,
        guest=person.guest,
        here=bool(person.sids),
        present_ms=round(present.total_seconds() * 1000),
        stays=stays,
    )


def _when(log: Sequence[e.StoredEvent], kind: type[e.Event]) -> datetime | None:
    return next((event.created_at for event in log if isinstance(event.payload, kind)), None)


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")
