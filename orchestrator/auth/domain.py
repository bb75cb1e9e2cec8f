"""Who is asking, and what their roles allow; pure."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

import msgspec

from schema.auth import RoleGrant, RoleName, User

# Whoever holds several roles in a place acts with the highest.
BY_RANK: tuple[RoleName, ...] = ("admin", "teacher", "assistant", "student")


class Principal(msgspec.Struct, frozen=True):
    """A signed-in user with all role grants; or a program with the one grant of the API key that the user made for it."""

    user: User
    roles: tuple[RoleGrant, ...]
    api_key_id: UUID | None = None

    @property
    def user_id(self) -> UUID:
        return self.user.id

    @property
    def tenant_id(self) -> UUID:
        return self.user.tenant_id

    def holds(self, allowed: AbstractSet[RoleName], *, tenant_wide: bool = False) -> bool:
        """In any scope: enough to knock at a route, not to act on an object in it. Or only in the whole tenant."""
        return any(
            grant.name in allowed and (grant.scope == "tenant" or not tenant_wide)
            for grant in self.roles
        )

    def role_in(
        self, course_id: UUID | None = None, session_id: UUID | None = None
    ) -> RoleName | None:
        """The highest role that applies to this session of this course."""
        places = {course_id, session_id} - {None}
        held = {
            grant.name
            for grant in self.roles
            if grant.scope == "tenant" or grant.scope_id in places
        }
        return next((name for name in BY_RANK if name in held), None)


def covers(held: Iterable[RoleGrant], wanted: RoleGrant) -> bool:
    """Whether who holds these may act as `wanted`: as high a role, in the same place or the whole tenant."""
    return any(
        BY_RANK.index(grant.name) <= BY_RANK.index(wanted.name)
        and (
            grant.scope == "tenant"
            or (grant.scope, grant.scope_id) == (wanted.scope, wanted.scope_id)
        )
        for grant in held
    )


def user_of(row: Mapping[Any, Any]) -> User:
    return User(
        id=row["id"],
        email=row["email"] or "",
        name=row["name"],
        tenant_id=row["tenant_id"],
        guest=row["guest"],
    )


def grants_of(rows: Iterable[Mapping[Any, Any]]) -> tuple[RoleGrant, ...]:
    """From rows with `role`, `scope` and `scope_id`; an outer join's empty row is no grant."""
    return tuple(
        RoleGrant(name=row["role"], scope=row["scope"], scope_id=row["scope_id"])
        for row in rows
        if row["role"] is not None
    )
