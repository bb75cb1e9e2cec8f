"""Who keeps order over whom, and what follows from it: pure decisions on the folded state."""

from collections.abc import Collection, Iterable
from uuid import UUID

from orchestrator.auth.domain import BY_RANK
from orchestrator.sessions.domain import member as participating
from orchestrator.sessions.domain import refuse_over, require_live
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.auth import RoleName
from schema.errors import Forbidden, NotFound
from schema.people import ChangePermissions, MutableSource, Permissions


def member(state: SessionState, pid: UUID) -> ParticipantState:
    """Raises NotFound for who never joined."""
    person = state.participants.get(pid)
    if person is None:
        raise NotFound("Nobody of this class has this id.")
    return person


def permit(
    state: SessionState, pid: UUID, actor: UUID, role: RoleName, change: ChangePermissions
) -> list[e.Event]:
    """Who is given the microphone has been heard: the hand goes down. Raises SessionNotLive, SessionOver, NotFound,
    Forbidden."""
    require_live(state)
    person = _below(state, pid, role)
    given = _changed(person.permissions, change)
    if given == person.permissions:
        return []
    changed = e.PermissionsChanged(participant_id=pid, permissions=given, changed_by=actor)
    may_speak_now = "microphone" in given.publish and "microphone" not in person.permissions.publish
    return [changed, *(_lowered([person], actor) if may_speak_now else [])]


def raise_hand(state: SessionState, session_id: UUID, user_id: UUID) -> list[e.Event]:
    """A hand that is up stays where it is in the order. Raises SessionNotLive, SessionOver, Forbidden, KeptOut."""
    person = participating(state, session_id, user_id)
    return [] if person.hand_raised_at else [e.HandRaised(participant_id=person.id)]


def lower_own_hand(state: SessionState, session_id: UUID, user_id: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver, Forbidden."""
    return _lowered([participating(state, session_id, user_id)], user_id)


def lower_hand(state: SessionState, pid: UUID, actor: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver, NotFound."""
    require_live(state)
    return _lowered([member(state, pid)], actor)


def lower_all_hands(state: SessionState, actor: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver."""
    require_live(state)
    return _lowered(state.participants.values(), actor)


def remove(state: SessionState, pid: UUID, actor: UUID, role: RoleName) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver, NotFound, Forbidden."""
    require_live(state)
    person = _below(state, pid, role)
    if person.removed:
        return []
    removed = e.ParticipantRemoved(participant_id=pid, removed_by=actor)
    return [*_lowered([person], actor), removed]


def readmit(state: SessionState, pid: UUID, actor: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver, NotFound."""
    require_live(state)
    if not member(state, pid).removed:
        return []
    return [e.ParticipantReadmitted(participant_id=pid, readmitted_by=actor)]


def lock(state: SessionState, actor: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver."""
    require_live(state)
    return [] if state.rules.locked else [e.RoomLocked(locked_by=actor)]


def unlock(state: SessionState, actor: UUID) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver."""
    require_live(state)
    return [e.RoomUnlocked(unlocked_by=actor)] if state.rules.locked else []


def change_rules(state: SessionState, actor: UUID, *, students_may_publish: bool) -> list[e.Event]:
    """Also before class begins. The same rule again takes back what was decided for single students. Raises SessionOver."""
    refuse_over(state)
    return [e.RulesChanged(students_may_publish=students_may_publish, changed_by=actor)]


def muted(
    state: SessionState, pids: Collection[UUID], source: MutableSource, actor: UUID
) -> list[e.Event]:
    """Raises SessionNotLive, SessionOver."""
    require_live(state)
    return [e.ParticipantMuted(participant_id=pid, source=source, muted_by=actor) for pid in pids]


def students(state: SessionState) -> set[UUID]:
    return {pid for pid, person in state.participants.items() if person.role == "student"}


def _below(state: SessionState, pid: UUID, role: RoleName) -> ParticipantState:
    """Raises NotFound, Forbidden: nobody keeps order over their like."""
    person = member(state, pid)
    if BY_RANK.index(role) >= BY_RANK.index(person.role):
        raise Forbidden("You may not decide this for somebody of your own or a higher role.")
    return person


def _changed(known: Permissions, change: ChangePermissions) -> Permissions:
    publish = known.publish if change.publish is None else tuple(sorted(set(change.publish)))
    return Permissions(publish=publish, draw=known.draw if change.draw is None else change.draw)


def _lowered(people: Iterable[ParticipantState], actor: UUID) -> list[e.Event]:
    return [
        e.HandLowered(participant_id=person.id, lowered_by=actor)
        for person in people
        if person.hand_raised_at
    ]
