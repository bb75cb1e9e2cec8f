"""/api/destinations: where a tenant's classes can be streamed to."""

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.destinations.domain import NewDestination, check, check_changes
from orchestrator.destinations.presets import PRESETS
from orchestrator.destinations.service import Destinations
from orchestrator.destinations.targets import Targets
from orchestrator.destinations.trial.service import Trials
from orchestrator.http.idempotency import Write
from schema.base import Command, Page
from schema.destinations import (
    CreateDestination,
    DefaultDestinations,
    Destination,
    DestinationPreset,
    DestinationTest,
    UpdateDestination,
)


class DestinationsController(Controller):
    path = "/api/destinations"
    tags = ("destinations",)

    @get()
    async def destinations(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        destinations: NamedDependency[Destinations],
    ) -> Page[Destination]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await destinations.of_tenant(tx, principal.tenant_id))

    @post()
    async def create_destination(
        self,
        data: JSONBody[CreateDestination],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        destinations: NamedDependency[Destinations],
    ) -> Destination:
        new = check(data)
        if isinstance(new, NewDestination):
            await destinations.check_reachable(new.address)
        return await write.once(
            data,
            lambda tx, _: destinations.create(tx, principal.tenant_id, new),
            Destination,
        )

    @get("/default")
    async def default_destinations(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        destinations: NamedDependency[Destinations],
    ) -> DefaultDestinations:
        """Those with which your next session begins, by your preference."""
        async with database.transaction(principal.tenant_id) as tx:
            return DefaultDestinations(
                destination_ids=await destinations.first_choice(tx, principal)
            )

    @get("/presets", sync_to_thread=False)
    def destination_presets(self) -> Page[DestinationPreset]:
        """The platforms' rules, `custom` last."""
        return Page(items=list(PRESETS))

    @patch("/{destination_id:uuid}")
    async def update_destination(
        self,
        destination_id: FromPath[UUID],
        data: JSONBody[UpdateDestination],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        destinations: NamedDependency[Destinations],
    ) -> Destination:
        changes = check_changes(data)
        if changes.address is not None:
            await destinations.check_reachable(changes.address)
        return await write.once(
            data,
            lambda tx, _: destinations.update(tx, principal.tenant_id, destination_id, changes),
            Destination,
        )

    @post("/{destination_id:uuid}/test", status_code=200)
    async def test_destination(
        self,
        destination_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        destinations: NamedDependency[Destinations],
        targets: NamedDependency[Targets],
        trials: NamedDependency[Trials],
    ) -> DestinationTest:
        """Connects and publishes two seconds of colour bars and a tone; viewers of the channel may see them (YouTube's of a connected account do not)."""
        async with database.transaction(principal.tenant_id) as tx:
            await destinations.require_idle(tx, principal.tenant_id, destination_id)
        url = await targets.rehearsal(principal.tenant_id, destination_id)
        return await trials.run(destination_id, url)

    @delete("/{destination_id:uuid}")
    async def delete_destination(
        self,
        destination_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        destinations: NamedDependency[Destinations],
    ) -> None:
        async def work(tx: Transaction, _: str) -> Command:
            await destinations.delete(tx, principal.tenant_id, destination_id)
            return Command()

        await write.once(Command(), work, Command)
