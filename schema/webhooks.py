"""Outgoing webhooks: who is told of events, and how the telling went."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire

WebhookStanding = Literal["enabled", "disabled", "failing"]


class CreateWebhookEndpoint(Command, frozen=True):
    """`eventTypes` empty means all of them."""

    url: str
    description: str = ""
    event_types: list[str] = msgspec.field(default_factory=list)


class UpdateWebhookEndpoint(Command, frozen=True):
    """What is absent stays."""

    url: str | None = None
    description: str | None = None
    event_types: list[str] | None = None
    enabled: bool | None = None


class ReplayWebhooks(Command, frozen=True):
    """Sends the session's events after `afterSequence` once more."""

    session_id: UUID
    after_sequence: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0


class WebhookEndpoint(Wire, frozen=True):
    """`failing` is enabled and waiting for the next try; `reason` says why it is not delivered to."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    status: WebhookStanding
    reason: str | None
    created_at: datetime


class WebhookSecret(Wire, frozen=True):
    """The endpoint and its signing secret (`whsec_...`): the only replies that show it."""

    endpoint: WebhookEndpoint
    secret: str


class WebhookAttempt(Wire, frozen=True):
    """One POST. `status` is the HTTP status that came back, null when none did; `error` is in words."""

    id: UUID
    event_id: UUID
    session_id: UUID
    sequence: int
    event_type: str
    attempt: int
    status: int | None
    error: str | None
    duration_ms: int
    created_at: datetime


class WebhookTest(Wire, frozen=True):
    """What the receiver answered to a `ping`."""

    delivered: bool
    status: int | None
    error: str | None
    duration_ms: int
