"""What is made of a class, and what became of the making."""

from typing import Any
from uuid import UUID

from schema.log.base import Payload


class ArtifactCompleted(Payload, frozen=True, tag="artifact.completed"):
    """`key` is the object key of the artifact's JSON; `provenance` says what made it."""

    kind: str
    job_id: UUID
    key: str
    provenance: dict[str, Any]


class ArtifactFailed(Payload, frozen=True, tag="artifact.failed"):
    kind: str
    job_id: UUID
    error: str


class ArtifactRequeued(Payload, frozen=True, tag="artifact.requeued"):
    """Made again on request: of a person, or of the artifact engine for one recording.

    `model` is the one that was asked for; empty for the installation's own.
    """

    kind: str
    job_id: UUID
    requested_by: UUID | None = None
    recording_id: UUID | None = None
    model: str = ""


class ArtifactCancelled(Payload, frozen=True, tag="artifact.cancelled"):
    """Set aside until a person wants it again, or something new belongs into it."""

    kind: str
    job_id: UUID
    cancelled_by: UUID
    name: str


ArtifactEvent = ArtifactCompleted | ArtifactFailed | ArtifactRequeued | ArtifactCancelled
