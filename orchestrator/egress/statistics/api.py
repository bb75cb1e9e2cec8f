"""How destinations fared: the timeline of a class, what is given up right now, and the reports that both are made from."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.egress import selection
from orchestrator.egress.health import reading as health
from orchestrator.egress.statistics import failures, timeline
from orchestrator.egress.statistics.service import Statistics
from orchestrator.sessions import roles
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
        """The last minutes of each destination that the class was or shall be streamed to; of a class that is over, its last ones.
        More than 2000 measurements become one a minute."""
        async with database.transaction(principal.tenant_id) as tx:
            await roles.role_in(tx, principal, session_id, STAFF)
            until = await selection.ended_at(tx, session_id) or utc_now()
            after = until - timedelta(minutes=minutes)
            found = await timeline.since(tx, session_id, after, MAX_SAMPLES)
            said = await health.of_session(tx, session_id)
            known = await selection.ever_chosen(tx, session_id)
        return [
            DestinationTimeline(
                destination_id=one,
                name=name,
                reconnects=reconnects,
                samples=found.get(one, []),
                platform=said.get(one, []),
            )
            for one, name, reconnects in known
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
