"""Jobs after a class and the replay's state: pure decisions."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

import msgspec

from orchestrator.state.session import SessionState
from schema import events as e
from schema.jobs import ArtifactInput, ArtifactKind, JobRecording, JobState, RecordingPart
from schema.recordings import ReplayState

# In the order in which they can be made; each needs those named beside it.
NEEDS: dict[ArtifactKind, tuple[ArtifactKind, ...]] = {
    "transcript": (),
    "chapters": ("transcript",),
    "highlights": ("transcript",),
    "replay": ("transcript", "chapters", "highlights"),
}

# The name under which a speaker's segments are read as one track.
WHOLE_TRACK = "all.ogg"
# And the n-th run of a programme's segments as one file, beside its playlist.
PLAYLIST = "index.m3u8"
WHOLE_RUN = re.compile(r"programme-(\d{1,3})\.mp4")
MAP = re.compile(r'#EXT-X-MAP:URI="([^"]+)"')

MAX_ATTEMPTS = 3
FIRST_PAUSE_S = 5
PAUSE_FACTOR = 3


def job_id(session_id: UUID, kind: ArtifactKind) -> UUID:
    return uuid5(session_id, f"job:{kind}")


def speaker_recording_id(session_id: UUID, participant_id: UUID, track_sid: str) -> UUID:
    return uuid5(session_id, f"speaker:{participant_id}:{track_sid}")


def ready(kind: ArtifactKind, states: Mapping[ArtifactKind, JobState]) -> bool:
    """Whether everything that this kind needs is done."""
    return all(states.get(need) == "done" for need in NEEDS[kind])


def runs(playlist: str) -> list[list[str]]:
    """File names of each run of a recorder: the header, then its segments; none for MPEG-TS, nor for what is lost."""
    found: list[list[str]] = []
    lost = False
    for line in playlist.splitlines():
        if match := MAP.match(line):
            found.append([match[1]])
        elif line and not line.startswith("#"):
            if found and not lost:
                found[-1].append(line)
            lost = False
        lost |= line == "#EXT-X-GAP"
    return [run for run in found if len(run) > 1]


def after_failure(attempts: int, *, retryable: bool) -> timedelta | None:
    """The pause before the next try after `attempts` of them, or None: park it for a person."""
    if not retryable or attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=FIRST_PAUSE_S * PAUSE_FACTOR ** (attempts - 1))


def replay_state(states: Iterable[JobState], recordings_open: int) -> ReplayState:
    """Ready when all is made of complete recordings; failed when something waits for a person."""
    known = set(states)
    if known & {"parked", "failed"}:
        return "failed"
    return "ready" if known == {"done"} and not recordings_open else "processing"


def origin_unix_ms(state: SessionState) -> int:
    """The programme's start; the class's when nothing was recorded."""
    programme = [r.started_at_unix_ms for r in state.recordings.values() if r.kind == "programme"]
    if programme:
        return min(programme)
    return round(state.started_at.timestamp() * 1000) if state.started_at else 0


def artifact_input(
    session_id: UUID,
    tenant_id: UUID,
    last_sequence: int,
    state: SessionState,
    captions: list[e.CaptionFinalized],
    parts: Mapping[UUID, list[RecordingPart]],
) -> ArtifactInput:
    """`parts` are the segments of each speaker's recording."""
    return ArtifactInput(
        session_id=session_id,
        tenant_id=tenant_id,
        title=state.title,
        origin_unix_ms=origin_unix_ms(state),
        ended_unix_ms=round(state.ended_at.timestamp() * 1000) if state.ended_at else 0,
        last_sequence=last_sequence,
        speakers={str(person.id): person.name for person in state.participants.values()},
        captions=captions,
        recordings=[
            JobRecording(
                id=recording.id,
                kind=recording.kind,
                key=recording.key,
                mime_type=recording.mime_type,
                started_at_unix_ms=recording.started_at_unix_ms,
                duration_ms=recording.duration_ms or 0,
                participant_id=recording.participant_id,
                parts=tuple(parts.get(recording.id, [])),
            )
            for recording in state.recordings.values()
        ],
        done=state.artifacts,
    )


def input_hash(source: ArtifactInput) -> str:
    return hashlib.sha256(msgspec.json.encode(source, order="deterministic")).hexdigest()
