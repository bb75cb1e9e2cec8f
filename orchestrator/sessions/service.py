"""Start, join and end: load, decide, append, and let LiveKit follow."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.livekit.tokens import mint_token
from orchestrator.sessions import domain
from orchestrator.sessions.roles import Place, acting, no_session, place_of, role_in
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState
from schema.auth import RoleName
from schema.errors import LiveKitUnavailable
from schema.events import Event
from schema.people import Permissions
from schema.sessions import JoinReply, LiveKitAccess, Participant, Seat, Session

log = structlog.get_logger(__name__)

# The second one finds the room, unless getting there took longer than a room stays known.
ROOM_TRIES = 3
# Plain SQL, straight to the driver.
SESSION = """
select id, lesson_id, title, scheduled_start, scheduled_end, status
 from sessions where id = $1 and tenant_id = $2
"""
PERMISSIONS = "select permissions::text, removed from session_participants where id = $1"
Row = asyncpg.Record
Decide = Callable[[SessionState, UUID, domain.Person], list[Event]]


class RoomUnsure(Exception):
    """LiveKit has to be asked for the room first."""


class Sessions:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency)."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        events: EventLog[SessionState],
        livekit: LiveKit,
    ) -> None:
        self._settings = settings
        self._database = database
        self._events = events
        self._livekit = livekit

    async def start(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID
    ) -> Seat:
        """Raises NotFound, Forbidden, SessionOver, RoomUnsure; then nothing is written."""
        return await self._enter(tx, key, principal, session_id, domain.start, STAFF)

    async def join(self, tx: Transaction, key: str, principal: Principal, session_id: UUID) -> Seat:
        """Raises NotFound, Forbidden, SessionNotLive, SessionOver, RoomUnsure."""
        return await self._enter(tx, key, principal, session_id, domain.join)

    async def in_room(self, session_id: UUID, work: Callable[[], Awaitable[Seat]]) -> Seat:
        """`work` is start or join in a transaction; it is done again if it raises RoomUnsure.

        LiveKit is asked in between: one that hangs must hold up nobody who waits for the log or a connection. Raises what
        `work` does, and LiveKitUnavailable."""
        for _ in range(ROOM_TRIES):
            try:
                return await work()
            except RoomUnsure:
                await self._livekit.rooms.ensure(domain.room_name(session_id))
        raise LiveKitUnavailable("The room was not made in time; try again shortly.")

    async def end(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID
    ) -> Session:
        """The room is closed after the commit; if that fails the reconciler does it. Raises NotFound, Forbidden,
        SessionNotLive."""
        await role_in(tx, principal, session_id, STAFF)
        await self._events.append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda state: domain.end(state, principal.user_id),
        )
        tx.on_commit(lambda: self._close_room(session_id))
        return await get(tx, principal, session_id)

    async def admit(self, principal: Principal, seat: Seat, *, replayed: bool) -> JoinReply:
        """The reply to start and join. Each has a token of its own, with the rights of this moment: a repeated request
        may come long after the seat was given. Raises KeptOut."""
        person = seat.participant
        permissions = None if replayed else self._given(seat)
        if permissions is None:
            permissions = await self._permissions(principal.tenant_id, person.id)
        room = domain.room_name(seat.session.id)
        token = mint_token(
            self._settings,
            room,
            person.id,
            person.name,
            permissions.publish,
            data=domain.sends_data(person.role),
        )
        access = LiveKitAccess(url=self._settings.livekit_url, token=token, room=room)
        return JoinReply(
            session=seat.session, participant=person, permissions=permissions, livekit=access
        )

    def _given(self, seat: Seat) -> Permissions | None:
        """What this process has just committed, if it still knows."""
        state = self._events.known(seat.session.id)
        person = None if state is None else state.participants.get(seat.participant.id)
        return None if person is None or person.removed else person.permissions

    async def _permissions(self, tenant_id: UUID, participant_id: UUID) -> Permissions:
        async with self._database.transaction(tenant_id) as tx:
            (row,) = await tx.fetch(PERMISSIONS, participant_id)
        if row["removed"]:
            raise domain.kept_out()
        return msgspec.json.decode(row["permissions"], type=Permissions)

    async def _enter(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        decide: Decide,
        allowed: frozenset[RoleName] | None = None,
    ) -> Seat:
        place = await place_of(tx, principal, session_id)
        person = _person(principal, acting(principal, place, session_id, allowed))
        await self._events.append(
            tx, principal.tenant_id, session_id, key, lambda s: decide(s, session_id, person)
        )
        # Without a room nothing is written. A room without a commit closes by itself.
        if not self._livekit.rooms.has(domain.room_name(session_id)):
            raise RoomUnsure
        participant = Participant(
            id=domain.participant_id(session_id, person.user_id),
            user_id=person.user_id,
            name=person.name,
            role=person.role,
        )
        state = await self._events.state(tx, session_id)
        session = _as_known(session_id, place, state) or await get(tx, principal, session_id)
        return Seat(session=session, participant=participant)

    async def _close_room(self, session_id: UUID) -> None:
        try:
            await self._livekit.delete_room(domain.room_name(session_id))
        except (LiveKitUnavailable, LiveKitRefused) as error:
            log.warning("room stays open", session_id=str(session_id), error=repr(error))


async def get(tx: Transaction, principal: Principal, session_id: UUID) -> Session:
    """Raises NotFound."""
    found = await tx.fetch(SESSION, session_id, principal.tenant_id)
    if not found:
        raise no_session()
    return to_session(found[0])


def to_session(row: Row | sa.RowMapping) -> Session:
    return Session(
        id=row["id"],
        lesson_id=row["lesson_id"],
        title=row["title"],
        scheduled_start=row["scheduled_start"],
        scheduled_end=row["scheduled_end"],
        status=row["status"],
    )


def _as_known(session_id: UUID, place: Place, state: SessionState) -> Session | None:
    """As its row, without a look at it; None for one whose log does not say when it is."""
    if state.scheduled_start is None or state.scheduled_end is None:
        return None
    return Session(
        id=session_id,
        lesson_id=place.lesson_id,
        title=state.title,
        scheduled_start=state.scheduled_start,
        scheduled_end=state.scheduled_end,
        status=state.status,
    )


def _person(principal: Principal, role: RoleName) -> domain.Person:
    user = principal.user
    return domain.Person(user.id, user.name, domain.role_in_class(role), guest=user.guest)
