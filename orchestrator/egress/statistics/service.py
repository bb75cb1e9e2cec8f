"""Takes the reports of egress workers: into the timeline, and into the log where they change what it says."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.destinations.targets import Targets
from orchestrator.egress import orders
from orchestrator.egress.statistics import timeline
from orchestrator.egress.statistics.domain import trouble, verdict
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.egress import ReportStatistics
from schema.errors import NotFound
from schema.streams import redact


class Statistics:
    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        targets: Targets,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._events = events
        self._targets = targets
        self._clock = clock

    async def take(self, session_id: UUID, report: ReportStatistics) -> int:
        """How many measurements were new. Raises NotFound."""
        async with self._database.system_transaction() as tx:
            tenant_id = await tx.scalar(
                sa.select(sessions.c.tenant_id).where(sessions.c.id == session_id)
            )
            if tenant_id is None:
                raise NotFound("There is no such session.")
            state = await self._events.state(tx, session_id)
            if state.egress is None or state.egress.id != report.egress_id:
                # An egress that was replaced says nothing of what is on air now.
                return 0
            rows = await self._rows(tx, tenant_id, session_id, state, report)
            new = await timeline.keep(tx, rows)
            if new:
                await self._judge(tx, tenant_id, session_id, state)
            return new

    async def _rows(
        self,
        tx: Transaction,
        tenant_id: UUID,
        session_id: UUID,
        state: SessionState,
        report: ReportStatistics,
    ) -> list[dict[str, Any]]:
        on_air = [name for name, known in state.destinations.items() if known.on_air]
        found = await self._targets.of_session(tx, tenant_id, session_id, on_air)
        names = {redact(url.reveal()): name for name, url in found.known.items()}
        return [
            {
                "tenant_id": tenant_id,
                "session_id": session_id,
                "destination_id": names[stream.url],
                "at": datetime.fromtimestamp(report.at_unix_ms / 1000, UTC),
                "span_s": report.span_s,
                "bitrate_bps": stream.bitrate_bps,
                "fps": stream.fps,
                "dropped_frames": stream.dropped_frames,
                "queued_bytes": stream.queued_bytes,
                "trouble": trouble(report, stream),
            }
            for stream in report.streams
            if stream.url in names
        ]

    async def _judge(
        self, tx: Transaction, tenant_id: UUID, session_id: UUID, state: SessionState
    ) -> None:
        """Under the keys that the reconciler uses for the same changes: whoever is second changes nothing."""
        recent = await timeline.troubles(tx, session_id, self._clock())
        for name, known in state.destinations.items():
            change = verdict(name, known, recent.get(name, []))
            if change is not None:
                note = orders.changed(known, change)
                await self._events.append(
                    tx, tenant_id, session_id, note.key, partial(orders.still_true, note=note)
                )
