"""What may be asked of an artifact's job, and what a request means: pure decisions."""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import unquote, urlsplit
from uuid import UUID

from orchestrator.recordings.domain import WHOLE_TRACK, job_id
from orchestrator.state.recordings import RecordingState
from schema.errors import InvalidField, JobNotOpen, JobRunning, NotFound, NothingRecorded
from schema.events import ArtifactCancelled, ArtifactRequeued, Event
from schema.jobs import NEEDS, ON_REQUEST, ArtifactKind, JobState, with_dependents

MEDIA = "/media/"


def kind_named(name: str) -> ArtifactKind:
    """Raises NotFound."""
    for kind in NEEDS:
        if kind == name:
            return kind
    raise NotFound("There is no such kind of artifact.")


def check_model(model: str, models: list[str]) -> None:
    """Raises InvalidField."""
    if model and model not in models:
        known = ", ".join(models) or "none"
        raise InvalidField("model", f"This can't be made with that model; to choose from: {known}.")


def check_recorded(kinds: Iterable[ArtifactKind], recordings: Iterable[RecordingState]) -> None:
    """What is made on request is made of the programme. Raises NothingRecorded."""
    if ON_REQUEST.intersection(kinds) and not has_programme(recordings):
        raise NothingRecorded("The programme of this class was not recorded.")


def has_programme(recordings: Iterable[RecordingState]) -> bool:
    return any(recording.kind == "programme" for recording in recordings)


def retry(
    session_id: UUID,
    kind: ArtifactKind,
    states: Mapping[ArtifactKind, JobState],
    user_id: UUID,
    model: str,
) -> list[Event]:
    """The job again, and with it what was made of its result; `model` is for the kind itself. Raises NotFound, JobRunning."""
    if kind not in states and kind not in ON_REQUEST:
        raise NotFound("There is no such job.")
    if states.get(kind) == "running":
        raise JobRunning("This is being made right now; wait, or cancel it first.")
    return [
        ArtifactRequeued(
            kind=name,
            job_id=job_id(session_id, name),
            requested_by=user_id,
            model=model if name == kind else "",
        )
        for name in affected({kind}, states)
    ]


def cancel(
    session_id: UUID,
    kind: ArtifactKind,
    states: Mapping[ArtifactKind, JobState],
    user_id: UUID,
    name: str,
) -> list[Event]:
    """Raises NotFound, JobNotOpen for a job that neither waits nor runs."""
    if kind not in states:
        raise NotFound("There is no such job.")
    if states[kind] not in {"queued", "running"}:
        raise JobNotOpen("There is nothing to cancel: this job is over.")
    return [
        ArtifactCancelled(
            kind=kind, job_id=job_id(session_id, kind), cancelled_by=user_id, name=name
        )
    ]


def process(session_id: UUID, recording_id: UUID, kinds: Iterable[ArtifactKind]) -> list[Event]:
    return [
        ArtifactRequeued(kind=kind, job_id=job_id(session_id, kind), recording_id=recording_id)
        for kind in kinds
    ]


def affected(kinds: Collection[ArtifactKind], known: Collection[str]) -> list[ArtifactKind]:
    """The kinds, all of them where none is named, and what is made of them; what nobody asked for yet only if it is named."""
    return [
        kind
        for kind in with_dependents(*(kinds or NEEDS))
        if kind in kinds or kind in known or kind not in ON_REQUEST
    ]


def key_of(url: str, own: Iterable[str]) -> str:
    """The object key that a link to /media on one of our `own` hosts names; anything else is a key already.

    The link may have expired: it only names the recording here, it opens nothing. Raises InvalidField.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidField("recordingUrl", "This is not an address.") from error
    if not parts.scheme and not url.startswith(MEDIA):
        return url
    ours = not parts.scheme or parts.netloc in set(own)
    if not ours or not parts.path.startswith(MEDIA):
        raise InvalidField("recordingUrl", "This address is not one of our recordings.")
    return unquote(parts.path.removeprefix(MEDIA))


def recording_at(recordings: Iterable[RecordingState], key: str) -> UUID:
    """A speaker's recording is also named by its segments as one track, or by its joined file. Raises InvalidField."""
    for recording in recordings:
        names = {recording.key}
        if recording.kind == "speaker":
            names.add(f"{recording.key}/{WHOLE_TRACK}")
        folder = recording.key.split("/")[:2]
        joined = key.split("/")[:2] == folder and key.endswith(f".{recording.id}.ogg")
        if key in names or joined:
            return recording.id
    raise InvalidField("recordingUrl", "This is not a recording of that session.")
