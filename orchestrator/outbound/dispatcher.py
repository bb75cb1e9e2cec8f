"""Delivers what the outbox holds: in order within a session, several sessions at once, again and again until taken."""

import asyncio
import random
from datetime import datetime
from uuid import UUID

import structlog

from orchestrator.core.bus import Bus
from orchestrator.core.clock import Clock, utc_now, wait_at_most
from orchestrator.core.crypto import Undecryptable
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.outbound import domain
from orchestrator.outbound.domain import Answer
from orchestrator.outbound.outbox import Claim, Outbox
from orchestrator.outbound.sender import Message, Sender, Sent
from orchestrator.outbound.service import UNREADABLE, Endpoints
from orchestrator.state.session import SessionState
from schema.errors import DatabaseUnavailable
from schema.events import StoredEvent

log = structlog.get_logger(__name__)

AT_ONCE = 8
BATCH_EVENTS = 100
# A look at everything, for what a lost wake-up left and what is due again.
SWEEP_S = 5.0
# How long more events may gather before a look: a class writes several a second.
GATHER_S = 0.2


class Dispatcher:
    """Any number of them may run: leases keep them apart."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        endpoints: Endpoints,
        sender: Sender,
        bus: Bus,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._events = events
        self._endpoints = endpoints
        self._sender = sender
        self._outbox = Outbox(database, clock)
        self._clock = clock
        self._heard = False
        self._woken: set[UUID] = set()
        self._grown = asyncio.Event()
        bus.watch(self._wake)

    async def run(self) -> None:
        """Delivers until cancelled."""
        while True:
            try:
                await self._outbox.forget_old()
                self._heard = await self._outbox.is_heard()
                while self._heard and await self.round(None):
                    pass
                await self._follow(SWEEP_S)
            except DatabaseUnavailable as error:
                log.warning("webhooks wait", error=error.message)
                await asyncio.sleep(SWEEP_S)

    async def round(self, woken: set[UUID] | None) -> bool:
        """Works off what is due now; False when nothing was. Raises DatabaseUnavailable."""
        claims = await self._outbox.claim(AT_ONCE, woken)
        async with asyncio.TaskGroup() as group:
            for claim in claims:
                group.create_task(self._drain(claim))
        return bool(claims)

    def _wake(self, session_id: UUID, _: int) -> None:
        # Most installations have no endpoint; their events should cost nothing here.
        if not self._heard:
            return
        self._woken.add(session_id)
        self._grown.set()

    async def _follow(self, seconds: float) -> None:
        """Delivers for woken sessions until the next sweep is due."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            if not await wait_at_most(left, self._grown):
                return
            await asyncio.sleep(GATHER_S)
            self._grown.clear()
            woken, self._woken = self._woken, set()
            while await self.round(woken):
                pass

    async def _drain(self, claim: Claim) -> None:
        async with self._database.system_transaction() as tx:
            events = await self._events.told(tx, claim.session_id, claim.sequence, BATCH_EVENTS)
        current: Claim | None = claim
        for event in events:
            if current is None:
                return
            # What the endpoint does not want is passed over together with the next event that it does.
            if domain.wants(current.endpoint["event_types"], event):
                current = await self._deliver(current, event)
        if current is not None and events and current.sequence < events[-1].sequence:
            current = await self._outbox.advance(current, events[-1].sequence)
        if current is not None:
            await self._outbox.release(current)

    async def _deliver(self, claim: Claim, event: StoredEvent) -> Claim | None:
        """The claim to go on with, or None when this session has to wait."""
        now = self._clock()
        sent = await self._send(claim, event, now)
        tries = claim.tries + 1
        verdict = domain.verdict(sent.answer, tries, claim.endpoint["failing_since"], now)
        if verdict == "delivered":
            return await self._outbox.delivered(claim, event, sent)
        log.info("webhook refused", endpoint=str(claim.endpoint["id"]), status=sent.answer.status)
        pause = domain.pause(sent.answer, tries, random.random())
        await self._outbox.refused(claim, event, sent, verdict, pause)
        return None

    async def _send(self, claim: Claim, event: StoredEvent, now: datetime) -> Sent:
        try:
            secrets = self._endpoints.signing(claim.endpoint)
        except Undecryptable:
            return Sent(Answer(None, UNREADABLE), 0)
        message = Message(str(event.id), claim.endpoint["url"], domain.body(event), secrets)
        return await self._sender.send(message, now)
