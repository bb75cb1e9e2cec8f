"""RTMP destinations of a tenant, and those of one session."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from schema.base import Command, Wire
from schema.platforms import ConnectionStatus

DestinationType = Literal["rtmp", "youtube", "twitch"]
TestStage = Literal["resolve", "connect", "publish", "done"]
DestinationStatus = Literal["idle", "connecting", "live", "degraded", "retrying", "failed", "ended"]


class CreateDestination(Command, frozen=True):
    """`stream_key` is write-only; `preset` gives the `url` where the platform has one for all; `oauth_token` exists only to be
    refused by name."""

    type: DestinationType
    name: str | None = None
    url: str | None = None
    stream_key: str | None = None
    preset: str | None = None
    connection_id: UUID | None = None
    oauth_token: str | None = None


class UpdateDestination(Command, frozen=True):
    """What is absent or null stays as it is."""

    name: str | None = None
    url: str | None = None
    stream_key: str | None = None


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


class DestinationPreset(Wire, frozen=True):
    """A platform's rules. `url` is null where it gives each channel or event a server of its own; `max_bitrate_kbps` is for
    video, null where none is known; with `one_time_key` a key works for one broadcast."""

    id: str
    name: str
    url: str | None
    other_urls: tuple[str, ...]
    requires_rtmps: bool
    max_bitrate_kbps: int | None
    one_time_key: bool
    help: str


class DestinationTest(Wire, frozen=True):
    """`stage` is how far it got, `message` what a person should know of it."""

    ok: bool
    stage: TestStage
    message: str
    duration_ms: int


class DefaultDestinations(Wire, frozen=True):
    destination_ids: list[UUID]


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
