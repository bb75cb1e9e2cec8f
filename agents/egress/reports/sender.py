"""Reports on their way to the control plane. A number that comes late is of no use: none is kept, none is sent twice."""

import asyncio
from uuid import UUID

import structlog

from agents.egress.plan import session_of
from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from schema.agents import Accepted
from schema.egress import ReportStatistics

log = structlog.get_logger(__name__)


class Sender:
    """`offer` returns at once; while a report of an egress is under way its next ones are left out."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._heard = True

    def offer(self, room: str, report: ReportStatistics) -> None:
        session_id = session_of(room)
        if session_id is None or report.egress_id in self._sending:
            return
        task = asyncio.create_task(self._send(session_id, report))
        self._sending[report.egress_id] = task
        task.add_done_callback(lambda _: self._sending.pop(report.egress_id))

    async def close(self) -> None:
        for task in self._sending.values():
            task.cancel()
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def _send(self, session_id: UUID, report: ReportStatistics) -> None:
        try:
            await self._control.post(
                f"/api/internal/sessions/{session_id}/statistics", report, Accepted
            )
        except (ControlUnavailable, ControlRefused) as error:
            if self._heard:
                log.warning("statistics_unheard", reason=str(error))
            self._heard = False
        else:
            self._heard = True
