"""Carries order in class into the room and keeps it there: wanted is the fold of the log, actual is what LiveKit says."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import structlog
from livekit.protocol import models as pb

from orchestrator.core.clock import Sweep
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.livekit.tokens import track_sources
from orchestrator.people.reactions import Knocks
from orchestrator.sessions.domain import room_name, sends_data, session_of_room
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema.errors import DomainError
from schema.people import Source

log = structlog.get_logger(__name__)

# How long a room can differ when LiveKit was away, came back empty-headed, or a webhook was lost.
SWEEP_S = 5.0
LOOKS_AT_ONCE = 8
SOURCES: dict[str, int] = {name.lower(): number for name, number in pb.TrackSource.items()}


class Keeper:
    """`run` until cancelled. Whatever it does twice, or in two replicas at once, comes to the same."""

    def __init__(
        self, database: Database, events: EventLog[SessionState], livekit: LiveKit, knocks: Knocks
    ) -> None:
        self._database = database
        self._events = events
        self._livekit = livekit
        self._knocks = knocks
        self._slots = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def run(self) -> None:
        sweep = Sweep(SWEEP_S, self._attended)
        while True:
            knocked = await self._knocks.wait(sweep.wait_s())
            await asyncio.gather(*(self._try(session_id) for session_id in knocked))
            if session_id := await sweep.one():
                await self._try(session_id)

    async def look(self, session_id: UUID) -> None:
        """Puts one room in order. Raises LiveKitUnavailable, DatabaseUnavailable."""
        async with self._database.system_transaction() as tx:
            state = await self._events.state(tx, session_id)
        if state.status != "live":
            return
        room = room_name(session_id)
        for present in await self._livekit.list_participants(room):
            person = _person(present, state.participants.values())
            if person is not None:
                await self._put_right(room, present, person)

    async def _put_right(
        self, room: str, present: pb.ParticipantInfo, person: ParticipantState
    ) -> None:
        try:
            if person.removed:
                await self._livekit.remove_participant(room, present.identity)
            elif rights(present.permission) != rights(wanted := permission(person)):
                await self._livekit.permit(room, present.identity, wanted)
        except LiveKitRefused as refused:
            # Most likely gone in this moment; else the next sweep finds it again.
            log.info("room not put right", room=room, code=refused.code)

    async def _try(self, session_id: UUID) -> None:
        async with self._slots:
            try:
                await self.look(session_id)
            except DomainError as error:
                # Not forgotten: the next sweep looks at every room with somebody in it.
                log.warning("look postponed", session_id=str(session_id), code=error.code)

    async def _attended(self) -> set[UUID]:
        """The classes in whose room anybody is: one question, however many are live."""
        try:
            rooms = await self._livekit.list_rooms()
        except DomainError as error:
            log.warning("sweep postponed", code=error.code)
            return set()
        found = (session_of_room(room.name) for room in rooms if room.num_participants)
        return {session_id for session_id in found if session_id is not None}


def permission(person: ParticipantState) -> pb.ParticipantPermission:
    """As in the token (orchestrator.core.livekit.tokens): every right is said, none is left to a default."""
    publish: tuple[Source, ...] = person.permissions.publish
    return pb.ParticipantPermission(
        can_subscribe=True,
        can_publish=bool(publish),
        can_publish_data=sends_data(person.role),
        can_publish_sources=[SOURCES[name] for name in track_sources(publish)],  # type: ignore[misc]
        can_update_metadata=False,
    )


def rights(given: pb.ParticipantPermission) -> tuple[bool, bool, frozenset[int]]:
    """What of a permission is ours to decide; LiveKit fills in the rest."""
    sources = frozenset(given.can_publish_sources) if given.can_publish else frozenset()
    return given.can_publish, given.can_publish_data, sources


def _person(
    present: pb.ParticipantInfo, people: Iterable[ParticipantState]
) -> ParticipantState | None:
    """None for agents, recorders, and whoever else did not come in by the join API."""
    if present.kind != pb.ParticipantInfo.Kind.STANDARD or present.permission.hidden:
        return None
    return next((person for person in people if str(person.id) == present.identity), None)
