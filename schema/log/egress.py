"""Where the programme goes, and how each of the ways fares."""

from datetime import datetime
from uuid import UUID

from schema.destinations import DestinationStatus
from schema.log.base import Payload
from schema.quality import Quality


class ProgrammeQualityChosen(Payload, frozen=True, tag="programme.quality_chosen"):
    """For every start of the programme from now on."""

    quality: Quality
    chosen_by: UUID


class DestinationsSelected(Payload, frozen=True, tag="destinations.selected"):
    """The session's whole set from now on."""

    destination_ids: list[UUID]


class DestinationChanged(Payload, frozen=True, tag="destination.changed"):
    destination_id: UUID
    status: DestinationStatus
    attempt: int = 0
    next_attempt_at: datetime | None = None
    reason: str | None = None


class EgressStarted(Payload, frozen=True, tag="egress.started"):
    egress_id: str
    attempt: int


class EgressEnded(Payload, frozen=True, tag="egress.ended"):
    egress_id: str
    error: str | None = None


EgressEvent = (
    ProgrammeQualityChosen | DestinationsSelected | DestinationChanged | EgressStarted | EgressEnded
)
