"""People of a tenant, as its admins manage them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schema.auth import RoleGrant, RoleName, RoleScope
from schema.base import ONE_LINE, Command, Wire

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=ONE_LINE)]
Email = Annotated[
    str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")
]


DestinationsDefault = Literal["all_on", "all_off"]


class CreateUser(Command, frozen=True):
    email: Email
    name: Name


class UpdateUser(Command, frozen=True):
    """Absent fields stay as they are; `disabled` true signs the person out at once."""

    email: Email | None = None
    name: Name | None = None
    disabled: bool | None = None


class GrantRole(Command, frozen=True):
    """`scope_id` is the course's or session's, null for scope tenant."""

    role: RoleName
    scope: RoleScope = "tenant"
    scope_id: UUID | None = None


class UserRecord(Wire, frozen=True):
    id: UUID
    email: str
    name: str
    disabled: bool
    created_at: datetime
    roles: list[RoleGrant]


class PasswordLink(Wire, frozen=True):
    """Opens the page on which the person chooses a password, once; shown to the admin, never stored."""

    url: str
    expires_at: datetime


class CreatedUser(Wire, frozen=True):
    user: UserRecord
    link: PasswordLink


class Preferences(Wire, frozen=True):
    """`destinations_default` says whether this person's new sessions begin with all destinations or with none."""

    destinations_default: DestinationsDefault


class UpdatePreferences(Command, frozen=True):
    """Absent fields stay as they are."""

    destinations_default: DestinationsDefault | None = None
