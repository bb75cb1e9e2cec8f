"""Who is or was in the class."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.auth import RoleName


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


People = dict[UUID, ParticipantState]


def evolve(people: People, event: e.StoredEvent) -> People:
    match event.payload:
        case e.ParticipantJoined() as joined:
            return _joined(people, joined, event.created_at)
        case e.ParticipantConnected(participant_id=pid, sid=sid):
            return _connected(people, pid, sid)
        case e.ParticipantLeft(participant_id=pid, sid=sid):
            return _left(people, pid, sid, event.created_at)
        case _:
            return people


def _joined(people: People, joined: e.ParticipantJoined, at: datetime) -> People:
    known = people.get(joined.participant_id)
    person = ParticipantState(
        id=joined.participant_id,
        user_id=joined.user_id,
        name=joined.name,
        role=joined.role,
        joined_at=at if known is None else known.joined_at,
        sids=frozenset() if known is None else known.sids,
        seen=frozenset() if known is None else known.seen,
    )
    return {**people, person.id: person}


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
