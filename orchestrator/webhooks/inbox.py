"""LiveKit's webhooks: verified, stored once, answered; then worked off apart, also after a restart."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from google.protobuf.json_format import Parse, ParseError
from livekit import api
from livekit.protocol.models import ParticipantInfo
from livekit.protocol.webhook import WebhookEvent
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.bus import Bus
from orchestrator.core.clock import Clock, utc_now, wait_at_most
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit
from orchestrator.egress.orders import still_true
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState
from orchestrator.webhooks import domain
from orchestrator.webhooks.domain import Occurrence
from orchestrator.webhooks.tables import inbox
from schema.errors import DomainError, SignatureInvalid

log = structlog.get_logger(__name__)

SWEEP_S = 15.0
AFTER_TROUBLE_S = 2.0
MAX_ATTEMPTS = 10
RETENTION = timedelta(days=7)


class Inbox:
    """`receive` in the request; `run` until cancelled beside it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        events: EventLog[SessionState],
        livekit: LiveKit,
        bus: Bus,
        clock: Clock = utc_now,
    ) -> None:
        verifier = api.TokenVerifier(settings.livekit_api_key, settings.livekit_api_secret.reveal())
        self._receiver = api.WebhookReceiver(verifier)
        self._database = database
        self._events = events
        self._livekit = livekit
        self._bus = bus
        self._clock = clock
        self._arrived = asyncio.Event()

    async def receive(self, body: bytes, signature: str) -> bool:
        """Whether the event was new. Raises SignatureInvalid, and then nothing is stored."""
        event = self._verify(body, signature)
        row = {
            "event_id": event.id,
            "event": event.event,
            "body": body.decode(),
            "received_at": self._clock(),
        }
        async with self._database.system_transaction() as tx:
            done = await tx.execute(insert(inbox).values(row).on_conflict_do_nothing())
        self._arrived.set()
        return done.rowcount == 1

    async def run(self) -> None:
        while True:
            self._arrived.clear()
            pause_s = SWEEP_S
            try:
                while await self.process_one():
                    pass
                await self._forget_old()
            except DomainError as error:
                log.warning("inbox postponed", code=error.code)
                pause_s = AFTER_TROUBLE_S
            await wait_at_most(pause_s, self._arrived)

    async def process_one(self) -> bool:
        """Works off one event; False when none is waiting. Raises DatabaseUnavailable, LiveKitUnavailable."""
        event_id: str | None = None
        try:
            async with self._database.system_transaction() as tx:
                row = await _next(tx)
                if row is None:
                    return False
                event_id = row["event_id"]
                await self._apply(tx, read(row["body"]))
                await _mark(tx, event_id, processed_at=self._clock())
        except DomainError:
            # LiveKit or the database is away: that is no fault of the event, it waits.
            raise
        except Exception as error:
            if event_id is not None:
                await self._failed(event_id, error)
            raise
        return True

    def _verify(self, body: bytes, signature: str) -> WebhookEvent:
        try:
            event = self._receiver.receive(body.decode(), signature)
        except Exception as error:
            # livekit-api raises bare exceptions for a wrong hash, PyJWT its own for the rest: all mean the same here.
            raise SignatureInvalid("The signature does not fit.") from error
        if not event.id:
            raise SignatureInvalid("The event has no id.")
        return event

    async def _apply(self, tx: Transaction, occurrence: Occurrence) -> None:
        tenant_id = await tx.scalar(
            sa.select(sessions.c.tenant_id).where(sessions.c.id == occurrence.session_id)
        )
        session_id = occurrence.session_id
        if tenant_id is None or session_id is None:
            return
        finished = occurrence.event == "room_finished"
        exists = finished and bool(await self._livekit.list_rooms([occurrence.room]))
        state = await self._events.state(tx, session_id)
        for note in domain.notes(occurrence, state, room_exists=exists):
            await self._events.append(
                tx, tenant_id, session_id, note.key, partial(still_true, note=note)
            )
        # Whatever it was, the reconciler looks again; sequence 0 announces no event.
        tx.on_commit(lambda: self._bus.announce(session_id, 0))

    async def _failed(self, event_id: str, error: Exception) -> None:
        log.warning("webhook not processed", event_id=event_id, error=type(error).__name__)
        async with self._database.system_transaction() as tx:
            await _mark(tx, event_id, attempts=inbox.c.attempts + 1, error=type(error).__name__)

    async def _forget_old(self) -> None:
        async with self._database.system_transaction() as tx:
            await tx.execute(
                sa.delete(inbox).where(inbox.c.received_at < self._clock() - RETENTION)
            )


def read(body: str) -> Occurrence:
    event = WebhookEvent()
    try:
        Parse(body, event, ignore_unknown_fields=True)
    except ParseError as error:
        raise ValueError("not a webhook event") from error
    who = event.participant
    # Egress events name their room in the egress.
    room = event.room.name or event.egress_info.room_name
    return Occurrence(
        id=event.id,
        event=event.event,
        room=room,
        identity=who.identity,
        sid=who.sid,
        person=who.kind == ParticipantInfo.Kind.STANDARD and not who.permission.hidden,
    )


async def _next(tx: Transaction) -> sa.RowMapping | None:
    found = await tx.execute(
        sa.select(inbox)
        .where(inbox.c.processed_at.is_(None), inbox.c.attempts < MAX_ATTEMPTS)
        .order_by(inbox.c.attempts, inbox.c.received_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.mappings().first()


async def _mark(tx: Transaction, event_id: str, **values: Any) -> None:
    await tx.execute(sa.update(inbox).where(inbox.c.event_id == event_id).values(**values))
