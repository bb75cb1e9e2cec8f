"""/api/platforms: connecting accounts of streaming platforms, and how they are."""

from typing import Annotated, get_args
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Redirect

from orchestrator.audit.service import record
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.http.idempotency import Write
from orchestrator.platforms.flow import Flow
from orchestrator.platforms.service import Connections
from schema.base import Command, Page
from schema.errors import DomainError, NotFound
from schema.platforms import (
    Authorization,
    FinishConnection,
    PlatformConnection,
    PlatformName,
    PlatformOffer,
)

PAGE = "/dashboard/destinations"
KNOWN: tuple[PlatformName, ...] = get_args(PlatformName)

Text = Annotated[str, QueryParameter(max_length=4096)]
ConnectionId = Annotated[
    UUID | None,
    QueryParameter(name="connectionId", description="Else the one that was connected last."),
]


class PlatformsController(Controller):
    path = "/api/platforms"
    tags = ("platforms",)

    @get(sync_to_thread=False)
    def platforms(self, connections: NamedDependency[Connections]) -> Page[PlatformOffer]:
        """Those whose accounts can be connected, and which settings the server still needs for that."""
        return Page(
            items=[
                PlatformOffer(platform=one.slug, name=one.name, missing=list(one.app.missing))
                for one in connections.platforms.values()
            ]
        )

    @get("/connections")
    async def platform_connections(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        connections: NamedDependency[Connections],
    ) -> Page[PlatformConnection]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await connections.of_tenant(tx, principal.tenant_id))

    @post("/connections/{platform:str}/connect", status_code=200)
    async def connect_platform(
        self,
        platform: FromPath[str],
        principal: NamedDependency[Principal],
        connecting: NamedDependency[Flow],
    ) -> Authorization:
        """Open the address in the browser; it comes back by itself, within ten minutes."""
        return Authorization(authorization_url=await connecting.depart(principal, slug(platform)))

    @post("/connections/{platform:str}/callback", status_code=200)
    async def finish_platform(
        self,
        platform: FromPath[str],
        data: JSONBody[FinishConnection],
        principal: NamedDependency[Principal],
        connecting: NamedDependency[Flow],
    ) -> PlatformConnection:
        """For who takes the platform's answer without a browser; it must be the person who began."""
        return await connecting.arrive(principal, slug(platform), data.code, data.state)

    @get("/connections/{platform:str}/callback", status_code=303)
    async def return_from_platform(
        self,
        platform: FromPath[str],
        principal: NamedDependency[Principal],
        connecting: NamedDependency[Flow],
        code: Text = "",
        answered_state: Annotated[str, QueryParameter(name="state", max_length=512)] = "",
    ) -> Redirect:
        """From the platform, in the browser. Goes on to the destinations, with the refusal's code in `?problem=` when nothing was connected."""
        try:
            await connecting.arrive(principal, slug(platform), code, answered_state)
        except DomainError as refusal:
            query = urlencode({"problem": refusal.code})
            return Redirect(f"{PAGE}?{query}", status_code=303)
        return Redirect(f"{PAGE}?{urlencode({'connected': platform})}", status_code=303)

    @get("/connections/{platform:str}/status")
    async def platform_status(
        self,
        platform: FromPath[str],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        connections: NamedDependency[Connections],
        connection_id: ConnectionId = None,
    ) -> PlatformConnection:
        """As the platform says now."""
        name = slug(platform)
        async with database.transaction(principal.tenant_id) as tx:
            found = await connections.find(tx, principal.tenant_id, name, connection_id)
        if found.status != "disconnected":
            await connections.check(principal.tenant_id, found.id)
        async with database.transaction(principal.tenant_id) as tx:
            return await connections.find(tx, principal.tenant_id, name, found.id)

    @delete("/connections/{platform:str}")
    async def disconnect_platform(
        self,
        platform: FromPath[str],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        connections: NamedDependency[Connections],
        connection_id: ConnectionId = None,
    ) -> None:
        """For who connected it, and administrators. Its destinations stay, and work again once it is connected again; a class that
        is on air there goes on to its end."""
        name = slug(platform)

        async def work(tx: Transaction, _: str) -> Command:
            try:
                found = await connections.find(tx, principal.tenant_id, name, connection_id)
            except NotFound:
                if connection_id is not None:
                    raise
                return Command()
            await connections.disconnect(tx, principal, found.id)
            await record(
                tx,
                "account.disconnected",
                principal.tenant_id,
                actor_id=principal.user_id,
                platform=name,
                account=found.account,
            )
            return Command()

        await write.once(Command(), work, Command)


def slug(platform: str) -> PlatformName:
    """Raises NotFound."""
    for name in KNOWN:
        if name == platform:
            return name
    raise NotFound("There is no such platform.")
