"""Keeps each live room's metadata at what its programme shows: wanted is the fold of the log, actual is what LiveKit says."""

import asyncio
from uuid import UUID

import msgspec
import sqlalchemy as sa
import structlog
from msgspec.structs import replace

from orchestrator.core.clock import Sweep
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.log import rows
from orchestrator.recordings.media import Signer
from orchestrator.sessions.domain import room_name
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from orchestrator.studio.branding.service import StoredBranding, of_tenant
from orchestrator.studio.cues import Cues
from orchestrator.studio.programme.domain import describe, picture
from schema.errors import DomainError
from schema.programme import Brand, Shown

log = structlog.get_logger(__name__)

# How long a room can differ when LiveKit was away, a replica was overtaken, or a brand was changed elsewhere.
SWEEP_S = 10.0
LOOKS_AT_ONCE = 8
TENANT = sa.select(sessions.c.tenant_id).where(sessions.c.id == sa.bindparam("id"))


class Director:
    """`run` until cancelled. Whatever it does twice, or in two replicas at once, comes to the same."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        livekit: LiveKit,
        signer: Signer,
        cues: Cues,
    ) -> None:
        self._database = database
        self._events = events
        self._livekit = livekit
        self._signer = signer
        self._cues = cues
        self._slots = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def run(self) -> None:
        sweep = Sweep(SWEEP_S, self._rooms)
        while True:
            cued = await self._cues.wait(sweep.wait_s())
            await asyncio.gather(*(self._try(session_id, "") for session_id in cued))
            if room := await sweep.one():
                await self._try(*room)

    async def look(self, session_id: UUID, known: str) -> None:
        """Puts one room right that has `known` as its metadata. Raises LiveKitUnavailable, DatabaseUnavailable."""
        wanted = await self._wanted(session_id)
        if wanted is None or same(known, wanted):
            return
        try:
            await self._livekit.describe_room(room_name(session_id), encode(wanted))
        except LiveKitRefused as refused:
            # Most likely not made yet or closed in this moment; else the next sweep finds it again.
            log.info("room not described", session_id=str(session_id), code=refused.code)

    async def _wanted(self, session_id: UUID) -> Shown | None:
        async with self._database.system_transaction() as tx:
            sequence = await rows.last_sequence(tx, session_id)
            state = await self._events.state_at(tx, session_id, sequence)
            if state.status != "live":
                return None
            tenant_id = await tx.scalar(TENANT, {"id": session_id})
            look = await of_tenant(tx, tenant_id)
        return describe(state, sequence, self._brand(look), self._link)

    def _brand(self, look: StoredBranding) -> Brand:
        logo = look.logo
        return Brand(
            primary_color=look.primary_color,
            accent_color=look.accent_color,
            logo=None
            if logo is None
            else picture(logo.key, logo.width_px, logo.height_px, self._link),
        )

    def _link(self, key: str) -> str:
        return self._signer.steady(key)

    async def _try(self, session_id: UUID, known: str) -> None:
        async with self._slots:
            try:
                await self.look(session_id, known)
            except DomainError as error:
                # Not forgotten: the next sweep looks at every live class.
                log.warning("look postponed", session_id=str(session_id), code=error.code)

    async def _rooms(self) -> list[tuple[UUID, str]]:
        """All live classes whose room is there, each with its metadata."""
        wanted = sa.select(sessions.c.id).where(sessions.c.status == "live")
        try:
            async with self._database.system_transaction() as tx:
                live = {room_name(one): one for one in (await tx.execute(wanted)).scalars()}
            rooms = await self._livekit.list_rooms(list(live)) if live else []
        except DomainError as error:
            log.warning("sweep postponed", code=error.code)
            return []
        return [(live[room.name], room.metadata) for room in rooms if room.name in live]


def encode(shown: Shown) -> str:
    return msgspec.json.encode(shown).decode()


def same(metadata: str, wanted: Shown) -> bool:
    """Whether a room's metadata says the same; of an event that changes nothing nobody needs to hear."""
    try:
        known = msgspec.json.decode(metadata, type=Shown)
    except msgspec.DecodeError:
        return False
    return replace(known, sequence=wanted.sequence) == wanted
