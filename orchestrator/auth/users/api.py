"""/api/users: people and their roles, for a tenant's admins."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.auth.users import preferences, service
from orchestrator.auth.users.links import make_link
from orchestrator.auth.users.roles import Roles
from orchestrator.core.database import Database
from orchestrator.http.idempotency import Write
from orchestrator.settings import Settings
from schema.auth import RoleGrant, RoleName, RoleScope, User
from schema.base import Page
from schema.users import (
    CreatedUser,
    CreateUser,
    GrantRole,
    PasswordLink,
    Preferences,
    UpdatePreferences,
    UpdateUser,
    UserRecord,
)


class UsersController(Controller):
    path = "/api/users"
    tags = ("users",)

    @get()
    async def users(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        search: Annotated[str, QueryParameter(max_length=120)] = "",
        after: Annotated[UUID | None, QueryParameter(description="The last `id` seen.")] = None,
    ) -> Page[UserRecord]:
        """`search` is part of a name or address; `nextCursor` is the next `after`."""
        async with database.transaction(principal.tenant_id) as tx:
            items = await service.listed(tx, principal.tenant_id, search.replace("\0", ""), after)
        more = len(items) == service.PAGE
        return Page(items=items, next_cursor=str(items[-1].id) if more else None)

    @post()
    async def create_user(
        self,
        data: JSONBody[CreateUser],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> CreatedUser:
        """Give the link to the person. A repeated request gets a new one, which ends the one before."""
        user = await write.once(
            data,
            lambda tx, _: service.create(tx, principal.tenant_id, data, actor_id=principal.user_id),
            UserRecord,
        )
        link = await _link(database, principal, user, settings)
        return CreatedUser(user=user, link=link)

    @get("/me/preferences")
    async def my_preferences(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Preferences:
        async with database.transaction(principal.tenant_id) as tx:
            return await preferences.preferences(tx, principal)

    @patch("/me/preferences")
    async def update_my_preferences(
        self,
        data: JSONBody[UpdatePreferences],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> Preferences:
        return await write.once(
            data, lambda tx, _: preferences.update(tx, principal, data), Preferences
        )

    @patch("/{user_id:uuid}")
    async def update_user(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[UpdateUser],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> UserRecord:
        return await write.once(
            data,
            lambda tx, _: service.update(
                tx, principal.tenant_id, user_id, data, actor_id=principal.user_id
            ),
            UserRecord,
        )

    @post("/{user_id:uuid}/password-link")
    async def make_password_link(
        self,
        user_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> PasswordLink:
        """For who forgot the password; works once, for three days. The old password stays good until then."""
        async with database.transaction(principal.tenant_id) as tx:
            user = await service.get(tx, principal.tenant_id, user_id)
        return await _link(database, principal, user, settings)

    @get("/{user_id:uuid}/roles")
    async def user_roles(
        self,
        user_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Page[RoleGrant]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=(await service.get(tx, principal.tenant_id, user_id)).roles)

    @post("/{user_id:uuid}/roles")
    async def grant_role(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[GrantRole],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        roles: NamedDependency[Roles],
    ) -> UserRecord:
        return await write.once(
            data,
            lambda tx, _: roles.grant(
                tx, principal.tenant_id, user_id, data, actor_id=principal.user_id
            ),
            UserRecord,
        )

    @delete("/{user_id:uuid}/roles", status_code=200)
    async def revoke_role(
        self,
        user_id: FromPath[UUID],
        role: FromQuery[RoleName],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        roles: NamedDependency[Roles],
        place: Annotated[RoleScope, QueryParameter(name="scope")] = "tenant",
        scope_id: Annotated[UUID | None, QueryParameter(name="scopeId")] = None,
    ) -> UserRecord:
        """The role stands in the query: `?role=teacher&scope=course&scopeId=`."""
        command = GrantRole(role=role, scope=place, scope_id=scope_id)
        return await write.once(
            command,
            lambda tx, _: roles.revoke(
                tx, principal.tenant_id, user_id, command, actor_id=principal.user_id
            ),
            UserRecord,
        )


async def _link(
    database: Database, principal: Principal, found: UserRecord, settings: Settings
) -> PasswordLink:
    user = User(id=found.id, email=found.email, name=found.name, tenant_id=principal.tenant_id)
    async with database.transaction(principal.tenant_id) as tx:
        return await make_link(tx, user, settings.public_url, actor_id=principal.user_id)
