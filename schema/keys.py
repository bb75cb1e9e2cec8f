"""API keys: how programs sign in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schema.auth import RoleGrant, RoleName, RoleScope
from schema.base import ONE_LINE, Command, Wire


class CreateApiKey(Command, frozen=True):
    """The role must be one that its maker holds, in this scope or a wider one."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
    role: RoleName
    scope: RoleScope = "tenant"
    scope_id: UUID | None = None
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ApiKey(Wire, frozen=True):
    """`prefix` is the start of the key, to tell keys apart; `user_id` is who made it, in whose name it acts."""

    id: UUID
    user_id: UUID
    user_name: str
    name: str
    prefix: str
    grant: RoleGrant
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class CreatedApiKey(Wire, frozen=True):
    """`secret` is there only in the first reply: it is stored nowhere, so a repeated request cannot give it again."""

    key: ApiKey
    secret: str | None
