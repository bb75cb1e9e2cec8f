"""Jobs after a class and the replay's state: pure decisions."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from orchestrator.state.session import SessionState
from schema.jobs import (
    BETTERS,
    FIRST,
    NEEDS,
    SLOW,
    ArtifactInput,
    ArtifactKind,
    FailureCause,
    JobState,
)
from schema.recordings import ReplayState

# The name under which a speaker's segments are read as one track.
WHOLE_TRACK = "all.ogg"
# And the n-th film of a programme, beside its playlist.
WHOLE_FILM = re.compile(r"programme-(\d{1,3})\.mp4")

# Of one tenant, so that a school with a hundred classes does not keep another waiting.
AT_ONCE, SLOW_AT_ONCE = 8, 1
ORDER: tuple[ArtifactKind, ...] = tuple(NEEDS)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5, 600
PAUSE_FACTOR = 2
# How often a cause may come before a person must look. What is away is waited for a day. A deploy takes a job its worker, as
# often as there is one while it runs; but so does a job that takes all of the host's memory.
PATIENCE: dict[FailureCause, int] = {"away": 150, "broken": 3, "lost": 10, "final": 1}


Place = tuple[UUID, bool]


class Due(msgspec.Struct, frozen=True):
    """A job that may be made now."""

    id: UUID
    kind: ArtifactKind
    tenant_id: UUID
    attempts: int


def kinds(*, translates: bool) -> list[ArtifactKind]:
    """What people see being made of a class; translations only where the installation has languages for them."""
    return [kind for kind in ORDER if translates or kind != "translation"]


def job_id(session_id: UUID, kind: str) -> UUID:
    return uuid5(session_id, f"job:{kind}")


def speaker_recording_id(session_id: UUID, participant_id: UUID, track_sid: str) -> UUID:
    return uuid5(session_id, f"speaker:{participant_id}:{track_sid}")


def film_key(playlist: str, number: int) -> str:
    """Counted from 1; see WHOLE_FILM."""
    return f"{playlist.rpartition('/')[0]}/programme-{number}.mp4"


def poster_key(playlist: str) -> str:
    """The newest still of the programme whose recording began with this playlist: one for all that carried it."""
    return f"{playlist.rsplit('/', 2)[0]}/poster.jpeg"


def ready(kind: ArtifactKind, states: Mapping[ArtifactKind, JobState]) -> bool:
    """Whether everything that this kind needs is done."""
    return all(states.get(need) == "done" for need in NEEDS[kind])


def unmet(kind: ArtifactKind, states: Mapping[ArtifactKind, JobState]) -> tuple[ArtifactKind, ...]:
    """What a queued kind waits for."""
    if states.get(kind) != "queued":
        return ()
    return tuple(need for need in NEEDS[kind] if states.get(need) != "done")


def blockers(
    kind: ArtifactKind, states: Mapping[ArtifactKind, JobState]
) -> tuple[ArtifactKind, ...]:
    """What a person set aside, or must look at, before a queued kind can be made; also what its needs wait for."""
    behind: set[ArtifactKind] = set()
    for need in unmet(kind, states):
        behind |= {need} if states.get(need) == "parked" else set(blockers(need, states))
    return tuple(other for other in ORDER if other in behind)


def fair(ready: Iterable[Due], running: Mapping[Place, int]) -> list[Due]:
    """As many of each tenant as may run at once beside those that do, what a replay waits for first.

    `running` counts by tenant and by whether the work is slow.
    """
    busy = Counter(running)
    chosen: list[Due] = []
    for job in sorted(ready, key=lambda job: ORDER.index(job.kind)):
        place = (job.tenant_id, job.kind in SLOW)
        if busy[place] < (SLOW_AT_ONCE if job.kind in SLOW else AT_ONCE):
            busy[place] += 1
            chosen.append(job)
    return chosen


def after_failure(cause: FailureCause, times: int) -> timedelta | None:
    """The pause before the next try when this cause came for the `times`-th time, or None: park it for a person."""
    if times >= PATIENCE[cause]:
        return None
    # The power of what is capped below would itself grow without end.
    growing = PAUSE_FACTOR ** min(times - 1, 10)
    return timedelta(seconds=min(LONGEST_PAUSE_S, FIRST_PAUSE_S * growing))


def replay_state(
    states: Mapping[ArtifactKind, JobState], made: Iterable[str], recordings_open: int
) -> ReplayState:
    """Ready when what comes first is made of complete recordings; failed when some of it waits for a person.

    From the careful pass on nothing late can come any more: what is made again then only improves a replay that is ready.
    """
    first = {states.get(kind) for kind in FIRST}
    if first & {"parked", "failed"}:
        return "failed"
    improving = "speech" in (known := set(made)) and known >= FIRST
    return "ready" if (first == {"done"} or improving) and not recordings_open else "processing"


def origin_unix_ms(state: SessionState) -> int:
    """The programme's start; the class's when nothing was recorded."""
    programme = [r.started_at_unix_ms for r in state.recordings.values() if r.kind == "programme"]
    if programme:
        return min(programme)
    return round(state.started_at.timestamp() * 1000) if state.started_at else 0


def input_hash(kind: ArtifactKind, source: ArtifactInput, contents: Mapping[str, str]) -> str:
    """The same for the same input, whenever it is made: what was made before counts by its `contents`' hash, not by its name.

    How far the log was read is told beside it, for most of what comes in later changes nothing.
    """
    used = {*NEEDS[kind], *(other for other, bettered in BETTERS.items() if bettered == kind)}
    done = {name: contents.get(name, key) for name, key in source.done.items() if name in used}
    told = replace(source, done=done, last_sequence=0)
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
