"""/api/api-keys: keys for programs; they are made and revoked by people only."""

from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.auth.keys import service
from orchestrator.auth.keys.domain import new_key
from orchestrator.core.database import Database, Transaction
from orchestrator.http.idempotency import Write
from schema.base import Command, Page
from schema.keys import ApiKey, CreateApiKey, CreatedApiKey


class KeysController(Controller):
    path = "/api/api-keys"
    tags = ("api keys",)

    @get()
    async def api_keys(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Page[ApiKey]:
        """Your own; an admin's list has everybody's."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.listed(tx, principal))

    @post()
    async def create_api_key(
        self,
        data: JSONBody[CreateApiKey],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> CreatedApiKey:
        """The secret is in the first reply only; a repeated request gets the key without it."""
        new = new_key()
        key = await write.once(data, lambda tx, _: service.create(tx, principal, data, new), ApiKey)
        return CreatedApiKey(key=key, secret=new.secret if key.prefix == new.prefix else None)

    @delete("/{key_id:uuid}")
    async def revoke_api_key(
        self,
        key_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> None:
        """At once: the next request with it is refused."""

        async def work(tx: Transaction, _: str) -> Command:
            await service.revoke(tx, principal, key_id)
            return Command()

        await write.once(Command(), work, Command)
