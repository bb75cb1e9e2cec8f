"""Accounts and roles."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Wire

RoleName = Literal["teacher", "student", "assistant", "admin"]
RoleScope = Literal["tenant", "course", "session"]


class Login(Wire, frozen=True, forbid_unknown_fields=True):
    email: str
    password: str


class User(Wire, frozen=True):
    id: UUID
    email: str
    name: str
    tenant_id: UUID


class RoleGrant(Wire, frozen=True):
    """`scope_id` is null for scope tenant."""

    name: RoleName
    scope: RoleScope
    scope_id: UUID | None = None


class LoginReply(Wire, frozen=True):
    token: str
    expires_at: datetime
    user: User


class Me(Wire, frozen=True):
    user: User
    roles: list[RoleGrant]
