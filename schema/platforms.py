"""Accounts on streaming platforms that a tenant has connected."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Command, Wire

PlatformName = Literal["youtube", "twitch"]
ConnectionStatus = Literal["connected", "expired", "disconnected", "error"]


class PlatformOffer(Wire, frozen=True):
    """A platform whose accounts can be connected, once its `missing` settings are given to the server."""

    platform: PlatformName
    name: str
    missing: list[str]


class PlatformConnection(Wire, frozen=True):
    """`church_id` is the `tenant_id` under its other name; `expires_at` is the access token's, renewed by itself."""

    id: UUID
    tenant_id: UUID
    church_id: UUID
    platform: PlatformName
    account: str
    status: ConnectionStatus
    expires_at: datetime | None
    last_error: str | None
    created_at: datetime
    updated_at: datetime


class Authorization(Wire, frozen=True):
    """Where the browser goes to allow it."""

    authorization_url: str


class FinishConnection(Command, frozen=True):
    """What the platform has sent back through the browser."""

    code: str
    state: str
