"""/api/sessions/{id}/destinations: where this class is streamed to, and how that goes."""

from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.destinations.service import Destinations
from orchestrator.destinations.single_use import refuse_taken
from orchestrator.egress import selection
from orchestrator.egress.engine.admission import Admission
from orchestrator.egress.health import reading as health
from orchestrator.egress.statistics import timeline
from orchestrator.http.idempotency import Write
from orchestrator.sessions import roles
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState
from schema.base import Command
from schema.destinations import SelectDestinations, SessionDestination
from schema.errors import InvalidField
from schema.quality import ChooseQuality, ProgrammeSettings, settings_of


class SessionDestinationsController(Controller):
    path = "/api/sessions/{session_id:uuid}/destinations"
    tags = ("destinations",)

    @get()
    async def session_destinations(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        events: NamedDependency[EventLog[SessionState]],
        settings: NamedDependency[Settings],
    ) -> list[SessionDestination]:
        async with database.transaction(principal.tenant_id) as tx:
            await roles.role_in(tx, principal, session_id, STAFF)
            return await _shown(tx, events, settings, principal.tenant_id, session_id)

    @post(status_code=200)
    async def select_destinations(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[SelectDestinations],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        destinations: NamedDependency[Destinations],
        events: NamedDependency[EventLog[SessionState]],
        settings: NamedDependency[Settings],
    ) -> list[SessionDestination]:
        """Replaces the set; 409 `protocols_mixed` where LiveKit's own egress would have to send RTMP and SRT at once."""

        async def work(tx: Transaction, key: FromPath[str]) -> list[SessionDestination]:
            await roles.role_in(tx, principal, session_id, STAFF)
            if await destinations.missing(tx, principal.tenant_id, data.destination_ids):
                raise InvalidField("destinationIds", "There is no such destination.")
            await refuse_taken(tx, principal.tenant_id, session_id, data.destination_ids)
            await selection.check_protocols(
                tx, principal.tenant_id, settings.egress_engine, data.destination_ids
            )
            await events.append(
                tx,
                principal.tenant_id,
                session_id,
                key,
                lambda state: selection.select(state, data.destination_ids),
            )
            return await _shown(tx, events, settings, principal.tenant_id, session_id)

        return await write.once(data, work, list[SessionDestination])

    @post("/{destination_id:uuid}/retry", status_code=200)
    async def retry_destination(
        self,
        session_id: FromPath[UUID],
        destination_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        events: NamedDependency[EventLog[SessionState]],
        admission: NamedDependency[Admission],
        settings: NamedDependency[Settings],
    ) -> list[SessionDestination]:
        """Connects at once instead of at the next try, also what was given up; 503 while there is no programme to connect to and
        no egress worker has room for one."""

        async def work(tx: Transaction, key: str) -> list[SessionDestination]:
            await roles.role_in(tx, principal, session_id, STAFF)
            state = await events.state(tx, session_id)
            if selection.waits_for_programme(state):
                await admission.check(state.quality)
            await events.append(
                tx,
                principal.tenant_id,
                session_id,
                key,
                lambda state: selection.retry(state, destination_id),
            )
            return await _shown(tx, events, settings, principal.tenant_id, session_id)

        return await write.once(Command(), work, list[SessionDestination])


class ProgrammeController(Controller):
    path = "/api/sessions/{session_id:uuid}/programme"
    tags = ("destinations",)

    @get()
    async def programme_settings(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        events: NamedDependency[EventLog[SessionState]],
    ) -> ProgrammeSettings:
        """What all destinations and the recording get."""
        async with database.transaction(principal.tenant_id) as tx:
            await roles.role_in(tx, principal, session_id, STAFF)
            return settings_of((await events.state(tx, session_id)).quality)

    @put()
    async def choose_quality(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ChooseQuality],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        events: NamedDependency[EventLog[SessionState]],
    ) -> ProgrammeSettings:
        """Until the class begins; afterwards 409 `session_is_live`."""

        async def work(tx: Transaction, key: str) -> ProgrammeSettings:
            await roles.role_in(tx, principal, session_id, STAFF)
            await events.append(
                tx,
                principal.tenant_id,
                session_id,
                key,
                lambda state: selection.choose_quality(state, data.quality, principal.user_id),
            )
            return settings_of(data.quality)

        return await write.once(data, work, ProgrammeSettings)


async def _shown(
    tx: Transaction,
    events: EventLog[SessionState],
    settings: Settings,
    tenant_id: UUID,
    session_id: UUID,
) -> list[SessionDestination]:
    now = utc_now()
    measured = await timeline.newest(tx, session_id, now)
    said = await health.newest(tx, session_id, now)
    quality = (await events.state(tx, session_id)).quality
    return await selection.chosen(
        tx, tenant_id, session_id, measured, said, quality, settings.egress_engine
    )
