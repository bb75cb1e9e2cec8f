"""Accounts on streaming platforms that a tenant has connected."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Command, Wire

PlatformName = Literal["youtube", "twitch"]
ConnectionStatus = Literal["connected", "expired", "disconnected", "error"]
# The first four are of platforms that look at the stream; the others of those that say only whether there is one.
PlatformVerdict = Literal["good", "ok", "bad", "no_data", "online", "offline"]
IssueSeverity = Literal["info", "warning", "error"]


class PlatformOffer(Wire, frozen=True):
    """A platform whose accounts can be connected, once its `missing` settings are given to the server."""

    platform: PlatformName
    name: str
    missing: list[str]


class PlatformConnection(Wire, frozen=True):
    """`church_id` is the `tenant_id` under its other name; `expires_at` is the access token's, renewed by itself.

    `connected_by` is who allowed it last, null where nobody knows; `destination_ids` are the destinations that it gives.
    """

    id: UUID
    tenant_id: UUID
    church_id: UUID
    platform: PlatformName
    account: str
    status: ConnectionStatus
    expires_at: datetime | None
    last_error: str | None
    connected_by: UUID | None
    destination_ids: list[UUID]
    created_at: datetime
    updated_at: datetime


class PlatformIssue(Wire, frozen=True):
    """What a platform finds wrong with a stream, in its own words."""

    severity: IssueSeverity
    message: str


class PlatformHealth(Wire, frozen=True):
    """What a platform says of the stream it gets, `since` when it has said the same."""

    since: datetime
    status: PlatformVerdict
    issues: list[PlatformIssue]


class Authorization(Wire, frozen=True):
    """Where the browser goes to allow it."""

    authorization_url: str


class FinishConnection(Command, frozen=True):
    """What the platform has sent back through the browser."""

    code: str
    state: str
