"""/api/destinations: where a tenant's classes can be streamed to."""

from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.destinations.domain import check
from orchestrator.destinations.service import Destinations
from orchestrator.http.idempotency import Write
from schema.base import Command, Page
from schema.destinations import CreateDestination, Destination


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
        async with database.transaction() as tx:
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
        await destinations.check_reachable(new)
        return await write.once(
            data,
            lambda tx, _: destinations.create(tx, principal.tenant_id, new),
            Destination,
        )

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
