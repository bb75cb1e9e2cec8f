"""Who is asking, and what their roles allow; pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Protocol
from uuid import UUID

import msgspec

from schema.auth import RoleGrant, RoleName, RoleScope, User

# Whoever holds several roles in a place acts with the highest.
BY_RANK: tuple[RoleName, ...] = ("admin", "teacher", "assistant", "student")


# Who runs a class.
STAFF: frozenset[RoleName] = frozenset({"teacher", "admin"})
# Who keeps order in it: its staff, and those who assist them.
MODERATORS: frozenset[RoleName] = STAFF | {"assistant"}


class Row(Protocol):
    """Of whichever driver."""

    def __getitem__(self, name: str, /) -> Any: ...


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
        """The highest role that applies to this session of this course.

        Staff and assistants of the tenant are that everywhere; its students are students where they are enrolled.
        """
        places = {course_id, session_id} - {None}
        held = {grant.name for grant in self.roles if grant.scope_id in places or _opens_all(grant)}
        return next((name for name in BY_RANK if name in held), None)

    @property
    def sees_all(self) -> bool:
        """Every course and session of the tenant; others see the `places` where they have a role."""
        return any(_opens_all(grant) for grant in self.roles)

    def places(self, scope: RoleScope) -> frozenset[UUID]:
        return frozenset(
            grant.scope_id for grant in self.roles if grant.scope == scope and grant.scope_id
        )


def _opens_all(grant: RoleGrant) -> bool:
    return grant.scope == "tenant" and grant.name != "student"


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


def user_of(row: Row) -> User:
    return User(
        id=row["id"],
        email=row["email"] or "",
        name=row["name"],
        tenant_id=row["tenant_id"],
        guest=row["guest"],
    )


def grants_of(rows: Iterable[Row]) -> tuple[RoleGrant, ...]:
    """From rows with `role`, `scope` and `scope_id`; an outer join's empty row is no grant."""
    return tuple(
        RoleGrant(name=row["role"], scope=row["scope"], scope_id=row["scope_id"])
        for row in rows
        if row["role"] is not None
    )
