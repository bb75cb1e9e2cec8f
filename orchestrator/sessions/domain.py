"""What a command on a session may do: pure decisions on the folded state."""

from uuid import UUID, uuid5

import msgspec

from orchestrator.state.people import ParticipantState, usual_permissions
from orchestrator.state.session import SessionState
from schema.auth import RoleName
from schema.errors import DoorLocked, Forbidden, KeptOut, SessionNotLive, SessionOver
from schema.events import Event, ParticipantJoined, SessionEnded, SessionStarted

ROOM_PREFIX = "session-"


class Person(msgspec.Struct, frozen=True):
    """Somebody entering a session, in the role they have there."""

    user_id: UUID
    name: str
    role: RoleName
    guest: bool = False


def room_name(session_id: UUID) -> str:
    return f"{ROOM_PREFIX}{session_id}"


def session_of_room(room: str) -> UUID | None:
    """None for a room that is not one of ours."""
    try:
        return UUID(room.removeprefix(ROOM_PREFIX)) if room.startswith(ROOM_PREFIX) else None
    except ValueError:
        return None


def participant_id(session_id: UUID, user_id: UUID) -> UUID:
    """The same person has the same id however often they join; it is also the LiveKit identity."""
    return uuid5(session_id, str(user_id))


def role_in_class(role: RoleName) -> RoleName:
    """A class knows teachers, assistants and students; an admin helps as an assistant."""
    return "assistant" if role == "admin" else role


def sends_data(role: RoleName) -> bool:
    """Students send no data packets into the room: what they write goes through the API."""
    return role != "student"


def kept_out() -> KeptOut:
    return KeptOut("You were removed from this class. Ask the teacher to let you in again.")


def start(state: SessionState, session_id: UUID, person: Person) -> list[Event]:
    """Starting a session that is live changes nothing but who is in it. Raises SessionOver, KeptOut."""
    refuse_over(state)
    _check_door(state, session_id, person)
    entered = _enter(state, session_id, person)
    if state.status == "live":
        return entered
    return [SessionStarted(room=room_name(session_id), started_by=person.user_id), *entered]


def join(state: SessionState, session_id: UUID, person: Person) -> list[Event]:
    """Joining again is nothing new. Raises SessionNotLive, SessionOver, KeptOut, DoorLocked."""
    require_live(state)
    _check_door(state, session_id, person)
    return _enter(state, session_id, person)


def require_live(state: SessionState) -> None:
    """Raises SessionNotLive, SessionOver."""
    refuse_over(state)
    if state.status != "live":
        raise SessionNotLive("The class has not started yet.")


def member(state: SessionState, session_id: UUID, user_id: UUID) -> ParticipantState:
    """Who may take part: raises SessionNotLive, SessionOver, KeptOut, Forbidden for who has not joined."""
    require_live(state)
    person = state.participants.get(participant_id(session_id, user_id))
    if person is None:
        raise Forbidden("Join the class first.")
    if person.removed:
        raise kept_out()
    return person


def end(state: SessionState, user_id: UUID) -> list[Event]:
    """Ending what is ended changes nothing. Raises SessionNotLive, SessionOver for a cancelled one."""
    if state.status == "ended":
        return []
    require_live(state)
    return [SessionEnded(reason="command", ended_by=user_id)]


def _enter(state: SessionState, session_id: UUID, person: Person) -> list[Event]:
    pid = participant_id(session_id, person.user_id)
    known = state.participants.get(pid)
    if known is not None and (known.name, known.role) == (person.name, person.role):
        return []
    may = usual_permissions(person.role, students_may_publish=state.rules.students_may_publish)
    return [
        ParticipantJoined(
            participant_id=pid,
            user_id=person.user_id,
            name=person.name,
            role=person.role,
            permissions=known.permissions if known and known.role == person.role else may,
            guest=person.guest,
        )
    ]


def _check_door(state: SessionState, session_id: UUID, person: Person) -> None:
    """Who was in may come back through a locked door, unless they were removed."""
    known = state.participants.get(participant_id(session_id, person.user_id))
    if known is not None and known.removed:
        raise kept_out()
    if state.rules.locked and known is None and person.role == "student":
        raise DoorLocked("The class is locked; nobody new can join. Ask the teacher to open it.")


def refuse_over(state: SessionState) -> None:
    """Not over yet; it need not have begun. Raises SessionOver."""
    if state.status == "cancelled":
        raise SessionOver("The class was cancelled.")
    if state.status == "ended":
        raise SessionOver("The class is over.")
