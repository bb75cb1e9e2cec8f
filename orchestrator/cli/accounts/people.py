"""What the operator may do to people: the same as a school's admin, written down without a name."""

from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.tables import tenants, users
from orchestrator.auth.users import service
from orchestrator.auth.users.links import make_link
from orchestrator.auth.users.roles import Roles
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from orchestrator.sessions.places import place_exists
from schema.auth import RoleName, User
from schema.errors import NotFound
from schema.users import CreateUser, GrantRole, UpdateUser, UserRecord

FIRST_SCHOOL = "School"


async def choose_school(tx: Transaction, name: str, *, may_make: bool) -> UUID:
    """The tenant of this name, or the only one. `may_make` makes one that is named or the first. Raises NotFound."""
    wanted = sa.select(tenants.c.id)
    found = (
        (await tx.execute(wanted.where(tenants.c.name == name) if name else wanted)).scalars().all()
    )
    if len(found) == 1:
        chosen: UUID = found[0]
        return chosen
    if found:
        raise NotFound("There are several schools: say which with --school NAME.")
    if not may_make:
        raise NotFound("There is no such school.")
    made = new_id()
    await tx.execute(sa.insert(tenants).values(id=made, name=name or FIRST_SCHOOL))
    return made


class People:
    """Of one school; each answer says what was done."""

    def __init__(self, tx: Transaction, tenant_id: UUID, web: str) -> None:
        self._tx = tx
        self._tenant_id = tenant_id
        self._web = web

    async def everybody(self) -> list[UserRecord]:
        found: list[UserRecord] = []
        while True:
            after = found[-1].id if found else None
            page = await service.listed(self._tx, self._tenant_id, after=after)
            found += page
            if len(page) < service.PAGE:
                return found

    async def find(self, email: str) -> UserRecord:
        """Raises NotFound."""
        user_id = await self._tx.scalar(
            sa.select(users.c.id).where(
                users.c.tenant_id == self._tenant_id, users.c.email == email.strip().lower()
            )
        )
        if user_id is None:
            raise NotFound(f"Nobody here has the address {email}.")
        return await service.get(self._tx, self._tenant_id, user_id)

    async def add(self, email: str, name: str, role: RoleName) -> str:
        """Raises EmailTaken, and msgspec.ValidationError for what is no address."""
        command = msgspec.convert({"email": email, "name": name}, CreateUser)
        made = await service.create(self._tx, self._tenant_id, command, actor_id=None)
        await Roles(place_exists).grant(
            self._tx, self._tenant_id, made.id, GrantRole(role=role), actor_id=None
        )
        return f"{made.email} is {role}. {await self.link(made.id)}"

    async def link(self, user_id: UUID) -> str:
        found = await service.get(self._tx, self._tenant_id, user_id)
        user = User(id=found.id, email=found.email, name=found.name, tenant_id=self._tenant_id)
        link = await make_link(self._tx, user, self._web, actor_id=None)
        until = link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        return f"A password can be chosen until {until}, once, at\n{link.url}"

    async def set_disabled(self, user_id: UUID, *, disabled: bool) -> str:
        """Raises LastAdmin."""
        user = await service.update(
            self._tx, self._tenant_id, user_id, UpdateUser(disabled=disabled), actor_id=None
        )
        return f"{user.email} is {'disabled' if disabled else 'enabled'}."
