"""RTMP destinations of a tenant, and those of one session."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire
from schema.platforms import ConnectionStatus, PlatformHealth

# Each is a process of the egress worker, and bandwidth of its own.
MAX_OF_SESSION = 20

DestinationType = Literal["rtmp", "youtube", "twitch"]
TestStage = Literal["resolve", "connect", "publish", "done"]
DestinationStatus = Literal["idle", "connecting", "live", "degraded", "retrying", "failed", "ended"]


Trouble = Literal["starved", "drops", "queue", "bitrate"]


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
    video, null where none is known, `advised_bitrate_kbps` what is better not exceeded; with `one_time_key` a key works for one broadcast, for `key_hours` after it was made."""

    id: str
    name: str
    url: str | None
    other_urls: tuple[str, ...]
    requires_rtmps: bool
    max_bitrate_kbps: int | None
    one_time_key: bool
    help: str
    max_audio_kbps: int | None = None
    upright: bool = False
    max_hours: int | None = None
    key_hours: int | None = None
    advised_bitrate_kbps: int | None = None
    max_fps: int | None = None


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

    destination_ids: Annotated[list[UUID], msgspec.Meta(max_length=MAX_OF_SESSION)]


class DestinationSample(Wire, frozen=True):
    """What went to one destination in the `span_s` seconds before `at`: as reported, or the mean of a minute that is long ago.

    `queued_bytes` wait for it, `dropped_frames` are pictures that it never got; `trouble` says what is wrong, if anything:
    the programme itself `starved` of CPU, pictures dropped, the queue growing, or the bitrate far under what is made.
    """

    at: datetime
    span_s: int
    bitrate_bps: int
    fps: float
    dropped_frames: int
    queued_bytes: int
    trouble: Trouble | None


class DestinationTimeline(Wire, frozen=True):
    """Oldest first; `reconnects` counts how often its connection was made again, `platform` is what its platform said."""

    destination_id: UUID
    name: str
    reconnects: int
    samples: list[DestinationSample]
    platform: list[PlatformHealth]


class DestinationFailure(Wire, frozen=True):
    """A destination that a live class has given up."""

    session_id: UUID
    session_title: str
    destination_id: UUID
    name: str
    reason: str | None
    at: datetime


class ReadinessNote(Wire, frozen=True):
    """What could keep a destination from going live; with `blocking` it will not work."""

    code: str
    message: str
    blocking: bool


class SessionDestination(Wire, frozen=True):
    """`readiness` tells what stands in its way. `stats` is the newest measurement, null where none is fresh: off the air, or an
    egress worker that tells none. `platform` is what its platform says, null where it was not asked: no account, or off the air."""

    destination_id: UUID
    name: str
    type: DestinationType
    status: DestinationStatus
    attempt: int
    next_attempt_at: datetime | None
    reason: str | None
    changed_at: datetime | None
    reconnects: int
    stats: DestinationSample | None
    platform: PlatformHealth | None
    readiness: list[ReadinessNote]
