"""Who is or was in the class, what each of them may do, and the rules that hold for all."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.auth import RoleName
from schema.people import Permissions

SILENT = Permissions(publish=(), draw=False)
SPEAKING = Permissions(publish=("camera", "microphone"), draw=False)
EVERYTHING = Permissions(publish=("camera", "microphone", "screen_share"), draw=True)


class ParticipantState(msgspec.Struct, frozen=True):
    """`sids` are the LiveKit connections open now; a re-join is the same participant."""

    id: UUID
    user_id: UUID
    name: str
    role: RoleName
    joined_at: datetime
    left_at: datetime | None = None
    sids: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    permissions: Permissions = SILENT
    hand_raised_at: datetime | None = None
    removed: bool = False
    guest: bool = False


class Rules(msgspec.Struct, frozen=True):
    """What holds for all of the class. `locked` lets nobody new in but staff."""

    students_may_publish: bool = False
    locked: bool = False


People = dict[UUID, ParticipantState]


def usual_permissions(role: RoleName, *, students_may_publish: bool) -> Permissions:
    """What somebody may do who was given nothing and denied nothing."""
    if role != "student":
        return EVERYTHING
    return SPEAKING if students_may_publish else SILENT


def permissions_at_entry(joined: e.ParticipantJoined) -> Permissions:
    """Logs from before rights were written down let every student speak."""
    return joined.permissions or usual_permissions(joined.role, students_may_publish=True)


def under_rule(person: ParticipantState, *, students_may_publish: bool) -> Permissions:
    """A rule sets what a student may publish, and leaves the whiteboard as it is."""
    if person.role != "student":
        return person.permissions
    usual = usual_permissions("student", students_may_publish=students_may_publish)
    return replace(person.permissions, publish=usual.publish)


def evolve(people: People, event: e.StoredEvent) -> People:
    match event.payload:
        case e.ParticipantJoined() as joined:
            return _joined(people, joined, event.created_at)
        case e.ParticipantConnected(participant_id=pid, sid=sid):
            return _connected(people, pid, sid)
        case e.ParticipantLeft(participant_id=pid, sid=sid):
            return _left(people, pid, sid, event.created_at)
        case e.RulesChanged(students_may_publish=may):
            return {
                pid: replace(one, permissions=under_rule(one, students_may_publish=may))
                for pid, one in people.items()
            }
        case _:
            return _ordered(people, event)


def evolve_rules(rules: Rules, event: e.StoredEvent) -> Rules:
    match event.payload:
        case e.RulesChanged(students_may_publish=may):
            return replace(rules, students_may_publish=may)
        case e.RoomLocked():
            return replace(rules, locked=True)
        case e.RoomUnlocked():
            return replace(rules, locked=False)
        case _:
            return rules


def _ordered(people: People, event: e.StoredEvent) -> People:
    """What was said to one participant."""
    match event.payload:
        case e.PermissionsChanged(participant_id=pid, permissions=given):
            return _with(people, pid, permissions=given)
        case e.HandRaised(participant_id=pid):
            return _with(people, pid, hand_raised_at=event.created_at)
        case e.HandLowered(participant_id=pid):
            return _with(people, pid, hand_raised_at=None)
        case e.ParticipantRemoved(participant_id=pid):
            return _with(people, pid, removed=True)
        case e.ParticipantReadmitted(participant_id=pid):
            return _with(people, pid, removed=False)
        case _:
            return people


def _with(people: People, pid: UUID, **changes: object) -> People:
    person = people.get(pid)
    return people if person is None else {**people, pid: replace(person, **changes)}


def _joined(people: People, joined: e.ParticipantJoined, at: datetime) -> People:
    entered = ParticipantState(
        id=joined.participant_id,
        user_id=joined.user_id,
        name=joined.name,
        role=joined.role,
        joined_at=at,
        permissions=permissions_at_entry(joined),
        guest=joined.guest,
    )
    known = people.get(entered.id)
    if known is not None:
        entered = replace(
            known,
            name=joined.name,
            role=joined.role,
            left_at=None,
            permissions=entered.permissions,
        )
    return {**people, entered.id: entered}


def _connected(people: People, pid: UUID, sid: str) -> People:
    person = people.get(pid)
    # LiveKit may deliver "left" before "joined" on a quick reconnect: a sid once gone stays gone.
    if person is None or sid in person.seen:
        return people
    here = replace(person, sids=person.sids | {sid}, seen=person.seen | {sid}, left_at=None)
    return {**people, pid: here}


def _left(people: People, pid: UUID, sid: str, at: datetime) -> People:
    person = people.get(pid)
    if person is None:
        return people
    rest = person.sids - {sid}
    left_at = person.left_at if rest else at
    gone = replace(person, sids=rest, seen=person.seen | {sid}, left_at=left_at)
    return {**people, pid: gone}
