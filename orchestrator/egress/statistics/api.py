"""How destinations fared: the timeline of a class, what is given up right now, and the reports that both are made from."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.egress import selection
from orchestrator.egress.statistics import failures, timeline
from orchestrator.egress.statistics.service import Statistics
from orchestrator.sessions import service as sessions
from schema.agents import Accepted
from schema.base import Page
from schema.destinations import DestinationFailure, DestinationTimeline
from schema.egress import ReportStatistics

# Ten minutes of three destinations by two seconds.
MAX_SAMPLES = 2000
Minutes = Annotated[int, msgspec.Meta(ge=1, le=1440)]


class TimelineController(Controller):
    path = "/api/sessions/{session_id:uuid}/destinations/timeline"
    tags = ("destinations",)

    @get()
    async def destination_timeline(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        minutes: FromQuery[Minutes] = 5,
    ) -> list[DestinationTimeline]:
        """The last minutes of each destination, at most 2000 measurements in all, the newest."""
        after = utc_now() - timedelta(minutes=minutes)
        async with database.transaction(principal.tenant_id) as tx:
            await sessions.role_in(tx, principal, session_id, sessions.STAFF)
            found = await timeline.between(tx, session_id, after, MAX_SAMPLES)
            known = await selection.chosen(tx, principal.tenant_id, session_id, {})
        return [
            DestinationTimeline(
                destination_id=one.destination_id,
                reconnects=one.reconnects,
                samples=found.get(one.destination_id, []),
            )
            for one in known
        ]


class FailuresController(Controller):
    path = "/api/destinations/failures"
    tags = ("destinations",)

    @get()
    async def destination_failures(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Page[DestinationFailure]:
        """What live classes have given up to stream to, the latest first."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await failures.of_tenant(tx, principal.tenant_id))


class StatisticsController(Controller):
    path = "/api/internal/sessions/{session_id:uuid}/statistics"
    include_in_schema = False

    @post(status_code=200)
    async def statistics(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ReportStatistics],
        measured: NamedDependency[Statistics],
    ) -> Accepted:
        return Accepted(accepted=await measured.take(session_id, data))
