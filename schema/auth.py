"""Accounts and roles."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schema.base import ONE_LINE, Wire

RoleName = Literal["teacher", "student", "assistant", "admin"]
RoleScope = Literal["tenant", "course", "session"]


Password = Annotated[str, msgspec.Meta(max_length=1024)]


class Login(Wire, frozen=True, forbid_unknown_fields=True):
    email: Annotated[str, msgspec.Meta(max_length=320, pattern=ONE_LINE)]
    password: Password


class User(Wire, frozen=True):
    """A guest has no address: `email` is empty."""

    id: UUID
    email: str
    name: str
    tenant_id: UUID
    guest: bool = False


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


class ChangePassword(Wire, frozen=True, forbid_unknown_fields=True):
    current_password: Password
    new_password: Password


class SetPassword(Wire, frozen=True, forbid_unknown_fields=True):
    """`token` is from a one-time link."""

    token: Annotated[str, msgspec.Meta(max_length=128)]
    password: Password


class ProviderMethod(Wire, frozen=True):
    """Signing in at another issuer: `name` is for the button; `missing` names settings without which it cannot work."""

    name: str
    missing: list[str]


class SignInMethods(Wire, frozen=True):
    """Local accounts always are one way; `provider` is null when no other is set up."""

    provider: ProviderMethod | None
