"""What a track's recorded files are, beside them in the store: when each begins, what is missing before it, how its clock drifts."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from orchestrator.core.storage import Storage
from schema.agents import SpeakerSegment
from schema.base import Wire
from schema.errors import NotFound

# `clock`: sound was lost or came late, and the track's clock was set anew; then `ms` may be below 0.
Reason = Literal["muted", "still", "clock"]


class Gap(Wire, frozen=True):
    """Between the end of one file and the start of the next."""

    ms: int
    reason: Reason


class Recorded(Wire, frozen=True):
    """A file; `drift_ms` is by how much the sender's clock was behind ours at its end."""

    index: int
    started_at_unix_ms: int
    duration_ms: int
    drift_ms: int
    gap_before: Gap | None
    sha256: str


class Manifest(Wire, frozen=True):
    """What one job recorded of one track: a job that starts anew writes another, so that each has one writer."""

    participant_id: UUID
    track_sid: str
    segments: list[Recorded]


class Noted(msgspec.Struct, frozen=True):
    """Facts of a closed file that are in no report; `manifest` is the key they belong under."""

    manifest: str
    drift_ms: int
    gap_before: Gap | None


class Manifests:
    """Those that this process writes. Its methods raise StorageUnavailable."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, Manifest] = {}

    async def add(self, segment: SpeakerSegment, noted: Noted) -> None:
        """May be repeated: a file counts once."""
        before = self._known.get(noted.manifest) or await self._stored(segment, noted.manifest)
        manifest = with_file(before, segment, noted)
        await self._storage.put(noted.manifest, msgspec.json.encode(manifest))
        self._known[noted.manifest] = manifest

    async def _stored(self, segment: SpeakerSegment, key: str) -> Manifest:
        """Whose job died: what it had written goes on."""
        try:
            return msgspec.json.decode(await self._storage.get(key), type=Manifest)
        except NotFound:
            return Manifest(
                participant_id=segment.participant_id, track_sid=segment.track_sid, segments=[]
            )


def with_file(manifest: Manifest, segment: SpeakerSegment, noted: Noted) -> Manifest:
    """Pure."""
    recorded = Recorded(
        index=segment.index,
        started_at_unix_ms=segment.started_at_unix_ms,
        duration_ms=segment.duration_ms,
        drift_ms=noted.drift_ms,
        gap_before=noted.gap_before,
        sha256=segment.sha256,
    )
    return msgspec.structs.replace(manifest, segments=_in_order(manifest.segments, recorded))


def _in_order(known: Sequence[Recorded], new: Recorded) -> list[Recorded]:
    others = [one for one in known if one.index != new.index]
    return sorted([*others, new], key=lambda one: one.index)
