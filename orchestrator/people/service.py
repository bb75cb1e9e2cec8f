"""Order in class: load, decide, append; the keeper carries it into the room after the commit."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from livekit.protocol import models as pb

from orchestrator.auth.domain import MODERATORS, Principal
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.people import domain
from orchestrator.sessions.domain import participant_id, require_live, room_name
from orchestrator.sessions.roles import role_in
from orchestrator.state.session import SessionState
from schema.auth import RoleName
from schema.events import Event
from schema.people import ChangePermissions, ChangeRules, ClassMember, MutableSource, Muted, Rules

SOURCES: dict[MutableSource, int] = {
    "camera": pb.TrackSource.CAMERA,
    "microphone": pb.TrackSource.MICROPHONE,
}
Decide = Callable[[SessionState], list[Event]]
Judge = Callable[[SessionState, RoleName], list[Event]]


class Turn(msgspec.Struct, frozen=True):
    """One write of somebody to one session; `key` is the event key of the request (orchestrator.http.idempotency)."""

    tx: Transaction
    key: str
    principal: Principal
    session_id: UUID


class Order:
    """Every call raises NotFound, Forbidden, and what its decision raises."""

    def __init__(self, events: EventLog[SessionState], livekit: LiveKit) -> None:
        self._events = events
        self._livekit = livekit

    async def permit(self, turn: Turn, pid: UUID, change: ChangePermissions) -> ClassMember:
        actor = turn.principal.user_id
        state = await self._moderate(
            turn, lambda s, role: domain.permit(s, pid, actor, role, change)
        )
        return class_member(state, pid)

    async def hand(self, turn: Turn, *, up: bool) -> ClassMember:
        """One's own."""
        user_id, session_id = turn.principal.user_id, turn.session_id
        await role_in(turn.tx, turn.principal, session_id)
        decide = domain.raise_hand if up else domain.lower_own_hand
        state = await self._append(turn, lambda s: decide(s, session_id, user_id))
        return class_member(state, participant_id(session_id, user_id))

    async def lower_hand(self, turn: Turn, pid: UUID) -> ClassMember:
        actor = turn.principal.user_id
        state = await self._moderate(turn, lambda s, _: domain.lower_hand(s, pid, actor))
        return class_member(state, pid)

    async def lower_all_hands(self, turn: Turn) -> None:
        actor = turn.principal.user_id
        await self._moderate(turn, lambda s, _: domain.lower_all_hands(s, actor))

    async def remove(self, turn: Turn, pid: UUID) -> ClassMember:
        actor = turn.principal.user_id
        state = await self._moderate(turn, lambda s, role: domain.remove(s, pid, actor, role))
        return class_member(state, pid)

    async def readmit(self, turn: Turn, pid: UUID) -> ClassMember:
        actor = turn.principal.user_id
        state = await self._moderate(turn, lambda s, _: domain.readmit(s, pid, actor))
        return class_member(state, pid)

    async def lock(self, turn: Turn, *, locked: bool) -> Rules:
        actor, decide = turn.principal.user_id, domain.lock if locked else domain.unlock
        return rules(await self._moderate(turn, lambda s, _: decide(s, actor)))

    async def change_rules(self, turn: Turn, change: ChangeRules) -> Rules:
        actor, may = turn.principal.user_id, change.students_may_publish
        return rules(
            await self._moderate(
                turn, lambda s, _: domain.change_rules(s, actor, students_may_publish=may)
            )
        )

    async def mute(self, turn: Turn, source: MutableSource, pid: UUID | None = None) -> Muted:
        """One participant, or all students. Raises LiveKitUnavailable, and then nothing is written."""
        actor = turn.principal.user_id
        await role_in(turn.tx, turn.principal, turn.session_id, MODERATORS)
        state = await self._events.state(turn.tx, turn.session_id)
        require_live(state)
        wanted = domain.students(state) if pid is None else {domain.member(state, pid).id}
        done = await self._mute_open(turn.session_id, wanted, SOURCES[source])
        await self._append(turn, lambda s: domain.muted(s, done, source, actor))
        return Muted(participant_ids=done)

    async def _mute_open(self, session_id: UUID, wanted: set[UUID], source: int) -> list[UUID]:
        """Those who had an open track of this source."""
        room, done = room_name(session_id), []
        names = {str(pid): pid for pid in wanted}
        for person in await self._livekit.list_participants(room):
            for track in person.tracks:
                if person.identity in names and track.source == source and not track.muted:
                    await self._mute_track(room, person.identity, track.sid)
                    done.append(names[person.identity])
        return done

    async def _mute_track(self, room: str, identity: str, sid: str) -> None:
        try:
            await self._livekit.mute(room, identity, sid)
        except LiveKitRefused as refused:
            # Gone in this very moment: silent as well.
            if refused.code != "not_found":
                raise

    async def _moderate(self, turn: Turn, decide: Judge) -> SessionState:
        role = await role_in(turn.tx, turn.principal, turn.session_id, MODERATORS)
        return await self._append(turn, lambda s: decide(s, role))

    async def _append(self, turn: Turn, decide: Decide) -> SessionState:
        """The state after it."""
        tenant_id, session_id = turn.principal.tenant_id, turn.session_id
        await self._events.append(turn.tx, tenant_id, session_id, turn.key, decide)
        return await self._events.state(turn.tx, session_id)


def class_member(state: SessionState, pid: UUID) -> ClassMember:
    person = state.participants[pid]
    return ClassMember(
        id=person.id,
        user_id=person.user_id,
        name=person.name,
        role=person.role,
        permissions=person.permissions,
        hand_raised_at=person.hand_raised_at,
        removed=person.removed,
    )


def rules(state: SessionState) -> Rules:
    return Rules(students_may_publish=state.rules.students_may_publish, locked=state.rules.locked)
