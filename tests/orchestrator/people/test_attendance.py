"""Time present is what somebody was there for, however many devices and however often they came and went."""

import itertools
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.database import Database
from orchestrator.people.attendance import as_csv, attendance, merged
from schema import events as e
from schema.people import Absentee, Stay
from tests.support.school import NOW, Caller, School, enrol

PID, USER = uuid4(), uuid4()


def at(minute: float) -> datetime:
    return NOW + timedelta(minutes=minute)


def log(*steps: tuple[float, e.Event]) -> list[e.StoredEvent]:
    return [
        e.StoredEvent(
            id=uuid4(), session_id=UUID(int=0), sequence=n, created_at=at(minute), payload=payload
        )
        for n, (minute, payload) in enumerate(steps, start=1)
    ]


def joined(name: str = "Bo") -> e.ParticipantJoined:
    return e.ParticipantJoined(participant_id=PID, user_id=USER, name=name, role="student")


def came(sid: str) -> e.ParticipantConnected:
    return e.ParticipantConnected(participant_id=PID, sid=sid)


def left(sid: str) -> e.ParticipantLeft:
    return e.ParticipantLeft(participant_id=PID, sid=sid)


ENDED = e.SessionEnded(reason="command", ended_by=USER)


def test_stays_are_added_up_and_two_devices_are_one_person() -> None:
    told = log(
        (0, joined()),
        (1, came("phone")),
        (3, came("laptop")),
        (5, left("phone")),
        (6, left("laptop")),
        (10, came("again")),
        (20, ENDED),
        (21, left("again")),
    )
    (person,) = attendance(told, [], at(60)).items
    assert person.stays == [Stay(start=at(1), end=at(6)), Stay(start=at(10), end=at(20))]
    assert person.present_ms == 15 * 60_000
    assert not person.here


def test_who_is_here_is_counted_until_now_and_who_never_got_in_has_no_stay() -> None:
    (here,) = attendance(log((0, joined()), (2, came("a"))), [], at(5)).items
    assert (here.here, here.present_ms) == (True, 3 * 60_000)
    (outside,) = attendance(log((0, joined())), [], at(5)).items
    assert (outside.here, outside.present_ms, outside.stays) == (False, 0, [])


def test_a_name_is_no_formula_and_the_absent_are_listed() -> None:
    found = attendance(
        log((0, joined("=HYPERLINK(1)")), (1, came("a")), (2, left("a"))),
        [Absentee(user_id=uuid4(), name="+Cy"), Absentee(user_id=USER, name="Bo")],
        at(5),
    )
    assert [one.name for one in found.absent] == ["+Cy"]
    lines = as_csv(found).splitlines()
    assert lines[1].startswith('"\'=HYPERLINK(1)","student","2026-')
    assert lines[2] == '"\'+Cy","student","","","0.0","0"'


MINUTES = st.integers(min_value=0, max_value=50)
STAYS = st.lists(st.tuples(MINUTES, MINUTES).map(sorted), max_size=8)


@given(STAYS)
def test_merged_stays_cover_the_same_minutes_apart(pairs: list[list[int]]) -> None:
    whole = merged(Stay(start=at(a), end=at(b)) for a, b in pairs)
    covered = {m for a, b in pairs for m in range(a, b)}
    assert sum((stay.end - stay.start).seconds // 60 for stay in whole) == len(covered)
    assert all(one.end < other.start for one, other in itertools.pairwise(whole))


async def test_staff_read_who_was_there_and_who_was_not(
    caller: Caller, school: School, database: Database
) -> None:
    async with database.system_transaction() as tx:
        absent = await enrol(tx, school.tenant_id, "student", place_id=school.course_id)
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    path = f"/api/sessions/{session_id}/attendance"
    found = (await caller.get(school.teacher, path)).json()
    assert [one["role"] for one in found["items"]] == ["teacher", "student"]
    assert [one["userId"] for one in found["absent"]] == [str(absent.user_id)]
    exported = await caller.get(school.admin, f"{path}/export")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert exported.text.splitlines()[0].startswith('"Name","Role"')
    for who in (school.student, school.assistant):
        assert (await caller.get(who, path)).status_code == 403
