"""What a webhook of LiveKit means for a session's log; pure. Ids decide, never the order of arrival."""

from uuid import UUID

import msgspec

from orchestrator.egress import orders as egress
from orchestrator.egress.orders import Note
from orchestrator.sessions.domain import session_of_room
from orchestrator.state.session import SessionState


class Occurrence(msgspec.Struct, frozen=True):
    """The part of an event that matters here. `person` is false for agents, recorders and hidden participants."""

    id: str
    event: str
    room: str = ""
    identity: str = ""
    sid: str = ""
    person: bool = False

    @property
    def session_id(self) -> UUID | None:
        return session_of_room(self.room)


def notes(occurrence: Occurrence, state: SessionState, *, room_exists: bool) -> list[Note]:
    """`room_exists` is LiveKit's word at the time of processing: a room that came back is not over, however late the news."""
    if occurrence.event == "room_finished":
        return [] if room_exists or state.status != "live" else [egress.room_finished()]
    participant = _participant(occurrence, state)
    if participant is None:
        return []
    if occurrence.event == "participant_joined":
        return [egress.joined(participant, occurrence.sid)]
    if occurrence.event == "participant_left":
        return [egress.left(participant, occurrence.sid)]
    return []


def _participant(occurrence: Occurrence, state: SessionState) -> UUID | None:
    if not occurrence.person or not occurrence.sid:
        return None
    return next((p for p in state.participants if str(p) == occurrence.identity), None)
