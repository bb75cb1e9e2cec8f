"""From what was seen and received to the facts of the table."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from urllib.parse import urljoin

import msgspec

from orchestrator.cli.classroom.people import Person
from orchestrator.cli.classroom.seat import Caption
from orchestrator.cli.classroom.teach import ASKING, TEACHER, Observed
from orchestrator.cli.demo import facts
from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import Receivers
from orchestrator.cli.probe.sync import FLASH_S, PERIOD_S, measure
from orchestrator.cli.probe.words import word_error_rate
from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.settings import Secret
from schema.recordings import Replay


class NotTaught(Exception):
    """The class did not get far enough to be judged; the message says what is missing."""


class Measured(msgspec.Struct, frozen=True):
    """`last_mark_s` is where the last flash lies on the recording's own line, from its first frame."""

    output: facts.Output
    last_mark_s: float


def captions(seen: Observed) -> facts.Captions:
    lesson = seen.lesson
    speech = seen.begun + lesson.cues[0].speech_s
    teacher = [c for c in seen.captions if c.speaker == seen.identities[TEACHER]]
    student = [c for c in seen.captions if c.speaker == seen.identities[ASKING]]
    return facts.Captions(
        first_s=min((c.at for c in teacher if c.text.strip()), default=inf) - speech,
        wer_teacher=word_error_rate(lesson.said_by(TEACHER), text(teacher)),
        wer_student=word_error_rate(lesson.said_by(ASKING), text(student)),
        legacy_agrees=bool(seen.legacy) and finals(seen.legacy) == finals(seen.captions),
    )


def finals(heard: Sequence[Caption]) -> dict[str, str]:
    """Text by utterance, in the order in which the finals came."""
    return {c.segment: c.text.strip() for c in heard if c.final}


def text(heard: Sequence[Caption]) -> str:
    return " ".join(finals(heard).values())


async def destination(seen: Observed, receivers: Receivers, name: str) -> facts.Destination:
    history = seen.statuses.get(name, [])
    live = [at for at, place in history if place.status == "live"]
    files = receivers.recordings(name)
    measured = await measure_file(str(files[0]), seen) if files else None
    return facts.Destination(
        name=name,
        statuses=statuses(seen, name),
        attempt=history[-1][1].attempt if history else 0,
        live_after_s=min(live) - seen.started if live else None,
        connections=len(files),
        output=measured.output if measured else None,
    )


def statuses(seen: Observed, name: str) -> list[str]:
    """Without repetition of one status by its attempts."""
    words = [place.status for _, place in seen.statuses.get(name, [])]
    return [b for a, b in pairwise(["", *words]) if a != b]


async def measure_file(source: str, seen: Observed) -> Measured:
    programme = await asyncio.to_thread(probe, source)
    sync = measure(programme)
    last = sync.flashes_s[-1] if sync.flashes_s else inf
    return Measured(
        output=facts.summarise(programme, sync, seen.lesson.duration_s),
        last_mark_s=last - float(programme.video.times_s[0]),
    )


async def replay(seen: Observed, web: str) -> facts.Replay:
    """Raises NotTaught when there is no programme to replay."""
    found = seen.replay
    programme = (
        next((r for r in found.recordings if r.kind == "programme"), None) if found else None
    )
    if found is None or programme is None:
        raise NotTaught("the replay has no recording of the programme")
    measured = await measure_file(urljoin(web, programme.url), seen)
    return facts.Replay(
        complete_after_s=seen.complete_after_s,
        state=found.state,
        artifacts={artifact.kind: artifact.state for artifact in found.artifacts},
        wer=word_error_rate(
            " ".join(cue.clip.text for cue in seen.lesson.cues),
            " ".join(segment.text for segment in found.transcript.segments),
        ),
        drift_ms=drift_ms(seen, found, measured.last_mark_s),
        chapters=len(found.chapters),
        speaker_recordings=sum(r.kind == "speaker" for r in found.recordings),
        output=measured.output,
    )


def drift_ms(seen: Observed, found: Replay, last_mark_s: float) -> float:
    """How far the transcript's first word lies from where the recording has it, by the marks as a common clock."""
    if not found.transcript.segments:
        return inf
    lesson = seen.lesson
    last_sent_s = (lesson.duration_s - FLASH_S) // PERIOD_S * PERIOD_S
    spoken_s = last_mark_s - last_sent_s + lesson.cues[0].speech_s
    return found.transcript.segments[0].start_ms - spoken_s * 1000


def feed_gaps(sequences: Sequence[int], events: int) -> int:
    """Events between the first and the last that a live client got, and did not get; all of them when it got none."""
    if not sequences:
        return events
    return max(sequences) - min(sequences) + 1 - len(set(sequences))


async def log(seen: Observed, teacher: Person, database_url: Secret) -> facts.Log:
    """The log by the public API; its fold against the projections by the same check as `lectern doctor`."""
    sequences = [event["sequence"] for event in await teacher.events(seen.session)]
    database = Database(database_url, pool_size=1)
    try:
        async with database.system_transaction() as tx:
            drift = await verify(tx, seen.session)
    finally:
        await database.close()
    return facts.Log(
        events=len(sequences),
        contiguous=sequences == list(range(1, len(sequences) + 1)),
        feed_gaps=feed_gaps(seen.sequences, len(sequences)),
        drift=drift,
    )
