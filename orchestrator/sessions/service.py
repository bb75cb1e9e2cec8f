"""Start, join and end: load, decide, append, and let LiveKit follow."""

from collections.abc import Callable
from uuid import UUID

import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.livekit.tokens import mint_token
from orchestrator.courses.tables import lessons
from orchestrator.sessions import domain
from orchestrator.sessions.tables import session_participants, sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState
from schema.auth import RoleName
from schema.errors import Forbidden, LiveKitUnavailable, NotFound
from schema.events import Event
from schema.people import Permissions
from schema.sessions import JoinReply, LiveKitAccess, Participant, Seat, Session

log = structlog.get_logger(__name__)

STAFF: frozenset[RoleName] = frozenset({"teacher", "admin"})
# Built once: every join asks these, and building a statement costs more than sending it.
HERE = (sessions.c.id == sa.bindparam("id"), sessions.c.tenant_id == sa.bindparam("tenant_id"))
SESSION = sa.select(sessions).where(*HERE)
COURSE = (
    sa.select(lessons.c.course_id).join(sessions, sessions.c.lesson_id == lessons.c.id).where(*HERE)
)
PERMISSIONS = sa.select(session_participants.c.permissions, session_participants.c.removed).where(
    session_participants.c.id == sa.bindparam("id")
)

Decide = Callable[[SessionState, UUID, domain.Person], list[Event]]


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
        """Raises NotFound, Forbidden, SessionOver, LiveKitUnavailable; then nothing is written."""
        person = await self._person(tx, principal, session_id, STAFF)
        return await self._enter(tx, key, principal, session_id, person, domain.start)

    async def join(self, tx: Transaction, key: str, principal: Principal, session_id: UUID) -> Seat:
        """Raises NotFound, Forbidden, SessionNotLive, SessionOver, LiveKitUnavailable."""
        person = await self._person(tx, principal, session_id)
        return await self._enter(tx, key, principal, session_id, person, domain.join)

    async def end(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID
    ) -> Session:
        """The room is closed after the commit; if that fails the reconciler does it. Raises NotFound, Forbidden,
        SessionNotLive."""
        await self._person(tx, principal, session_id, STAFF)
        await self._events.append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda state: domain.end(state, principal.user_id),
        )
        tx.on_commit(lambda: self._close_room(session_id))
        return await get(tx, principal.tenant_id, session_id)

    async def admit(self, principal: Principal, seat: Seat) -> JoinReply:
        """The reply to start and join. Each has a token of its own, with the rights of this moment: a repeated request
        may come long after the seat was given. Raises KeptOut."""
        person = seat.participant
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

    async def _permissions(self, tenant_id: UUID, participant_id: UUID) -> Permissions:
        async with self._database.transaction(tenant_id) as tx:
            found = await tx.execute(PERMISSIONS, {"id": participant_id})
        row = found.one()
        if row.removed:
            raise domain.kept_out()
        return msgspec.convert(row.permissions, Permissions)

    async def _enter(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        person: domain.Person,
        decide: Decide,
    ) -> Seat:
        await self._events.append(
            tx, principal.tenant_id, session_id, key, lambda s: decide(s, session_id, person)
        )
        # Before the commit: without a room nothing is written. A room without a commit closes by itself.
        await self._livekit.ensure_room(domain.room_name(session_id))
        participant = Participant(
            id=domain.participant_id(session_id, person.user_id),
            user_id=person.user_id,
            name=person.name,
            role=person.role,
        )
        session = await get(tx, principal.tenant_id, session_id)
        return Seat(session=session, participant=participant)

    async def _person(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: UUID,
        allowed: frozenset[RoleName] | None = None,
    ) -> domain.Person:
        role = await role_in(tx, principal, session_id, allowed)
        user = principal.user
        return domain.Person(user.id, user.name, domain.role_in_class(role), guest=user.guest)

    async def _close_room(self, session_id: UUID) -> None:
        try:
            await self._livekit.delete_room(domain.room_name(session_id))
        except (LiveKitUnavailable, LiveKitRefused) as error:
            log.warning("room stays open", session_id=str(session_id), error=repr(error))


async def role_in(
    tx: Transaction,
    principal: Principal,
    session_id: UUID,
    allowed: frozenset[RoleName] | None = None,
) -> RoleName:
    """The role in which somebody acts on this session. Raises NotFound, Forbidden without one that is allowed."""
    role = await _role(tx, principal, session_id)
    if role is None or (allowed is not None and role not in allowed):
        raise Forbidden("Your role does not allow this.")
    return role


async def reader(tx: Transaction, principal: Principal, session_id: UUID) -> RoleName:
    """The role in which somebody reads this session. Raises NotFound, also for who has no role in it."""
    role = await _role(tx, principal, session_id)
    if role is None:
        raise NotFound("There is no such session.")
    return role


async def last_sequence(tx: Transaction, session_id: UUID) -> int:
    """How far the log of a session that is there goes."""
    wanted = sa.select(sessions.c.last_sequence).where(sessions.c.id == session_id)
    return int(await tx.scalar(wanted))


async def _role(tx: Transaction, principal: Principal, session_id: UUID) -> RoleName | None:
    place = {"id": session_id, "tenant_id": principal.tenant_id}
    course_id = await tx.scalar(COURSE, place)
    if course_id is None:
        raise NotFound("There is no such session.")
    return principal.role_in(course_id, session_id)


async def get(tx: Transaction, tenant_id: UUID, session_id: UUID) -> Session:
    """Raises NotFound."""
    found = await tx.execute(SESSION, {"id": session_id, "tenant_id": tenant_id})
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such session.")
    return to_session(row)


def to_session(row: sa.RowMapping) -> Session:
    return Session(
        id=row["id"],
        lesson_id=row["lesson_id"],
        title=row["title"],
        scheduled_start=row["scheduled_start"],
        scheduled_end=row["scheduled_end"],
        status=row["status"],
    )
