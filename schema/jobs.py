"""Artifact jobs: what a pipeline gets when it claims one, and what it reports."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire
from schema.events import CaptionFinalized

ArtifactKind = Literal[
    "transcript",
    "slides",
    "chapters",
    "highlights",
    "tracks",
    "replay",
    "search",
    "statistics",
    "summary",
    "quiz",
    "document",
    "speech",
    "translation",
    "subtitled",
    "sounds",
]
JobState = Literal["queued", "running", "done", "failed", "parked"]
# `away`: what it needs is away and will be back. `broken`: the making broke, perhaps on its input. `lost`: its worker fell
# silent. `final`: the same input would fail again.
FailureCause = Literal["away", "broken", "lost", "final"]
# The field of a provenance that stands for what was made; where it lies has a new name each time.
CONTENT_HASH = "contentHash"
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]

# In the order in which they can be made; each needs those named beside it.
NEEDS: dict[ArtifactKind, tuple[ArtifactKind, ...]] = {
    "transcript": (),
    "slides": (),
    "chapters": ("transcript", "slides"),
    "highlights": ("transcript",),
    "replay": ("transcript", "chapters", "highlights"),
    "tracks": (),
    "search": ("transcript", "slides"),
    "statistics": ("transcript",),
    "summary": ("transcript", "chapters"),
    "quiz": ("transcript", "summary"),
    "document": ("transcript", "chapters", "summary"),
    "translation": ("transcript",),
    "speech": (),
    "subtitled": ("transcript",),
    # Not for its words: only once they are there does a replay that is ready stay so while it is made again.
    "sounds": ("speech",),
}
# Made when somebody asks for it and not before: it costs as long as the class was, or nearly.
ON_REQUEST: frozenset[ArtifactKind] = frozenset({"subtitled"})
ALWAYS: tuple[ArtifactKind, ...] = tuple(kind for kind in NEEDS if kind not in ON_REQUEST)
# What is made of a kind once that is there, and without it until then: the careful pass betters the transcript, laughter and
# applause the highlights.
BETTERS: dict[ArtifactKind, ArtifactKind] = {"speech": "transcript", "sounds": "highlights"}
# Kinds that hear the speakers' recordings again, for which what the class wanted kept silent stays silent.
LISTENING: frozenset[ArtifactKind] = frozenset({"speech", "sounds"})
# A replay is ready with these; the others come when there is time.
FIRST: frozenset[ArtifactKind] = frozenset(
    {"transcript", "slides", "chapters", "highlights", "replay"}
)
# Minutes of computing, which never stand before anything quick.
SLOW: frozenset[ArtifactKind] = frozenset({*LISTENING, "subtitled"})


def artifacts_of(tenant_id: UUID, session_id: UUID, kind: ArtifactKind) -> str:
    """The folder in which all that was made of a kind lies."""
    return f"{tenant_id}/{session_id}/artifacts/{kind}"


def with_dependents(*kinds: ArtifactKind) -> list[ArtifactKind]:
    """The kinds and all that is made of them, in the order in which they can be made."""
    found = set(kinds)
    for other, needs in NEEDS.items():
        if set(needs) & found:
            found.add(other)
    return [kind for kind in NEEDS if kind in found]


class RecordingPart(Wire, frozen=True):
    """One closed segment of a speaker's track."""

    key: str
    started_at_unix_ms: int
    duration_ms: int = 0


class JobRecording(Wire, frozen=True):
    """`parts` are in order of time; a programme has none, its playlist names its segments."""

    id: UUID
    kind: Literal["programme", "speaker"]
    key: str
    mime_type: str
    started_at_unix_ms: int
    duration_ms: int
    participant_id: UUID | None = None
    parts: tuple[RecordingPart, ...] = ()


SignKind = Literal[
    "chat", "reaction", "question", "upvote", "hand", "poll", "vote", "scene", "slide"
]


class Sign(Wire, frozen=True):
    """One thing that happened beside the speech. `id` is the message's, question's, poll's or scene's.

    `text` is what was written or asked, an emoji's name, a scene's, or for a slide `<asset id>:<page>`.
    """

    kind: SignKind
    at_unix_ms: int
    id: UUID
    participant_id: UUID | None = None
    text: str = ""


class Deck(Wire, frozen=True):
    """Uploaded slides; `key` is the object key of the folder of their pages."""

    id: UUID
    name: str
    key: str
    pages: int


class Parameters(Wire, frozen=True, forbid_unknown_fields=True):
    """What a person chose for a job; empty is what the installation has set."""

    model: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Span(Wire, frozen=True):
    """The end is the first millisecond that does not belong to it."""

    start_unix_ms: int
    end_unix_ms: int


class Treatment(Wire, frozen=True):
    """How a class wants to be heard again: as it was captioned live.

    `silent` is when captions were off: nothing said then is written down. `languages` are those that speakers chose, by
    participant id; `language` is the class's, empty for automatic.
    """

    silent: tuple[Span, ...] = ()
    language: str = ""
    languages: dict[str, str] = msgspec.field(default_factory=dict)
    glossary: tuple[str, ...] = ()
    mask_profanity: bool = False


class ArtifactInput(Wire, frozen=True):
    """All a pipeline may know of a session, taken from the log up to `last_sequence`.

    `origin_unix_ms` is the programme's start (the session's start when nothing was recorded); `speakers` maps participant
    id to name; `corrected` are the segments whose text a person wrote; `done` maps the kinds already finished to the object
    keys of their JSON. What was taken back (a deleted message, a speaker redacted) is not in it.
    """

    session_id: UUID
    tenant_id: UUID
    title: str
    origin_unix_ms: int
    ended_unix_ms: int
    last_sequence: int
    speakers: dict[str, str]
    captions: list[CaptionFinalized]
    recordings: list[JobRecording]
    done: dict[str, str]
    corrected: frozenset[str] = frozenset()
    signs: tuple[Sign, ...] = ()
    decks: tuple[Deck, ...] = ()
    treatment: Treatment = Treatment()


class ClaimedJob(Wire, frozen=True):
    """`lease_token` must come with every later report; a report with an old one is refused (409)."""

    id: UUID
    kind: ArtifactKind
    attempt: int
    lease_token: str
    lease_s: int
    input: ArtifactInput
    input_hash: str
    parameters: Parameters = Parameters()


class ClaimJob(Wire, frozen=True, forbid_unknown_fields=True):
    """An empty body: the job's id is in the path, and whoever asks first gets the lease."""


class Heartbeat(Wire, frozen=True, forbid_unknown_fields=True):
    """Prolongs the lease; without `progress_percent` what was said before stands."""

    lease_token: str
    progress_percent: Percent | None = None


class CompleteJob(Wire, frozen=True, forbid_unknown_fields=True):
    lease_token: str
    key: str
    provenance: dict[str, Any]


class FailJob(Wire, frozen=True, forbid_unknown_fields=True):
    lease_token: str
    error: str
    cause: FailureCause


class ArtifactJob(Wire, frozen=True):
    """One line of the job board; `progress` is in percent, `models` are those it may be made with.

    Of a queued job, `waits_for` are the kinds it needs that are not done, and `blocked_by` those of which a person must say
    what becomes of them first, however far behind; `next_attempt_at` is set while it waits after a failure. What is `offered`
    is made when somebody asks for it, by a retry.
    """

    kind: ArtifactKind
    state: JobState | Literal["offered"]
    attempts: int
    progress: int
    error: str | None
    updated_at: datetime
    model: str = ""
    models: tuple[str, ...] = ()
    waits_for: tuple[ArtifactKind, ...] = ()
    blocked_by: tuple[ArtifactKind, ...] = ()
    next_attempt_at: datetime | None = None


class RetryArtifact(Command, frozen=True):
    """`model` is one of the installation's, for a kind that has a choice; empty for the usual one."""

    model: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ArtifactVersion(Wire, frozen=True):
    """Versions count from 1; `provenance` says what made it: log range, model, parameters, input hash."""

    version: int
    created_at: datetime
    provenance: dict[str, Any]


class Change(Wire, frozen=True):
    """One line of a comparison."""

    op: Literal["same", "removed", "added"]
    text: str


class Comparison(Wire, frozen=True):
    """What differs, with two lines around each difference; empty when nothing does."""

    kind: ArtifactKind
    from_version: int
    to_version: int
    lines: list[Change]


class ProcessArtifacts(Command, frozen=True):
    """`recording_url` is the object key or the signed link of one of the session's recordings.

    `kinds` are made, and what is made of them; without any, all that is made by itself or was asked for before.
    """

    session_id: UUID
    recording_url: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    kinds: tuple[ArtifactKind, ...] = ()


class ProcessReply(Wire, frozen=True):
    """What was queued; the same for a repeated request."""

    session_id: UUID
    recording_id: UUID
    kinds: list[ArtifactKind]
