"""What was recorded, how much was said, and what is made of it."""

from collections.abc import Iterable
from typing import Literal, get_args
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.jobs import ALWAYS, BETTERS, LISTENING, ON_REQUEST, ArtifactKind, with_dependents

# What the log knows of an artifact's job; who works on it (the lease) is only in its row.
JobStanding = Literal["open", "done", "parked"]
ALL_KINDS: frozenset[ArtifactKind] = frozenset(get_args(ArtifactKind))

# Made of the speakers' recordings, of the programme, of the length of the class, of what was said, and of what people wrote.
OF_SOUND: frozenset[ArtifactKind] = LISTENING | {"tracks"}
OF_PICTURE: frozenset[ArtifactKind] = frozenset({"subtitled"})
OF_TIME: frozenset[ArtifactKind] = frozenset({"slides", *with_dependents("chapters")})
OF_WORDS: frozenset[ArtifactKind] = frozenset(with_dependents("transcript"))
OF_WRITING: frozenset[ArtifactKind] = frozenset({"search", *with_dependents("highlights")})
BETTERED: dict[str, ArtifactKind] = {kind: other for kind, other in BETTERS.items()}  # noqa: C416 the keys get wider


class RecordingState(msgspec.Struct, frozen=True):
    id: UUID
    kind: e.RecordingKind
    key: str
    mime_type: str
    started_at_unix_ms: int
    participant_id: UUID | None = None
    duration_ms: int | None = None


Recordings = dict[UUID, RecordingState]
Jobs = dict[str, JobStanding]


def evolve_recordings(known: Recordings, event: e.StoredEvent) -> Recordings:
    match event.payload:
        case e.RecordingAdded() as added:
            return {**known, added.recording_id: _added(added)}
        case e.RecordingCompleted(recording_id=key, duration_ms=ms) if key in known:
            return {**known, key: replace(known[key], duration_ms=ms)}
        case _:
            return known


def evolve_captions(count: int, event: e.StoredEvent) -> int:
    return count + isinstance(event.payload, e.CaptionFinalized)


def evolve_artifacts(made: dict[str, str], event: e.StoredEvent) -> dict[str, str]:
    match event.payload:
        case e.ArtifactCompleted(kind=kind, key=key):
            return {**made, kind: key}
        case e.CaptionsRedacted():
            return {}
        case _:
            return made


def evolve_jobs(jobs: Jobs, event: e.StoredEvent) -> Jobs:
    match event.payload:
        case e.SessionEnded():
            return {kind: jobs.get(kind, "open") for kind in ALWAYS}
        case e.ArtifactCompleted(kind=kind) as completed:
            return _stand(_stand(jobs, [kind], "done"), stale_kinds(completed), "open")
        case e.ArtifactFailed(kind=kind) | e.ArtifactCancelled(kind=kind):
            return _stand(jobs, [kind], "parked")
        case e.ArtifactRequeued(kind=kind) if kind in ON_REQUEST:
            return {**jobs, kind: "open"}
        case e.ArtifactRequeued(kind=kind):
            return _stand(jobs, [kind], "open")
        case other:
            return _stand(jobs, stale_kinds(other), "open")


def stale_kinds(event: e.Event) -> frozenset[ArtifactKind]:
    """Which artifacts no longer say the truth when this event comes after the end of class."""
    match event:
        case e.CaptionFinalized() | e.RecordingAdded(kind="programme"):
            return ALL_KINDS - OF_SOUND
        case e.RecordingCompleted():
            return OF_SOUND | OF_PICTURE | OF_TIME
        case e.RecordingAdded():
            return OF_SOUND | {"replay"}
        case e.ArtifactCompleted(kind=kind) if bettered := BETTERED.get(kind):
            return frozenset(with_dependents(bettered))
        case _:
            return _changed_by_people(event)


def _changed_by_people(event: e.Event) -> frozenset[ArtifactKind]:
    match event:
        case e.CaptionCorrected():
            return OF_WORDS
        case e.CaptionsConfigured(settings=settings) if not settings.enabled:
            return LISTENING
        case e.CaptionsRedacted():
            return ALL_KINDS
        case e.ChatEdited() | e.ChatDeleted():
            return OF_WRITING
        case _:
            return frozenset()


def _stand(jobs: Jobs, kinds: Iterable[str], standing: JobStanding) -> Jobs:
    known = {kind: standing for kind in kinds if kind in jobs}
    return jobs | known if known else jobs


def _added(added: e.RecordingAdded) -> RecordingState:
    return RecordingState(
        id=added.recording_id,
        kind=added.kind,
        key=added.key,
        mime_type=added.mime_type,
        started_at_unix_ms=added.started_at_unix_ms,
        participant_id=added.participant_id,
    )
