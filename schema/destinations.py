"""RTMP destinations of a tenant, and those of one session."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from schema.base import Command, Wire

DestinationType = Literal["rtmp", "youtube", "twitch"]
ConnectionStatus = Literal["connected", "expired", "disconnected", "error"]
DestinationStatus = Literal["idle", "connecting", "live", "degraded", "retrying", "failed", "ended"]


class CreateDestination(Command, frozen=True):
    """`stream_key` is write-only; `oauth_token` exists only to be refused by name."""

    type: DestinationType
    name: str | None = None
    url: str | None = None
    stream_key: str | None = None
    preset: str | None = None
    connection_id: UUID | None = None
    oauth_token: str | None = None


class Destination(Wire, frozen=True):
    """`key_hint` is the last four characters of the stream key, or null for a short one."""

    id: UUID
    type: DestinationType
    name: str
    url: str
    key_hint: str | None
    status: ConnectionStatus
    created_at: datetime
    updated_at: datetime


class SelectDestinations(Command, frozen=True):
    """Replaces the session's set; an empty list means none."""

    destination_ids: list[UUID]


class SessionDestination(Wire, frozen=True):
    destination_id: UUID
    name: str
    type: DestinationType
    status: DestinationStatus
    attempt: int
    next_attempt_at: datetime | None
    reason: str | None
    stats: dict[str, Any]
