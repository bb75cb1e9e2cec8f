"""Who spoke how much; counted from the transcript and what else people did."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from pipelines.derive.replay import duration_ms
from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import reading
from pipelines.transcript.formats import turns
from schema.jobs import ArtifactInput
from schema.recordings import ClassStatistics, SpeakerStatistics, TranscriptSegment

Spans = list[tuple[int, int]]


def make(task: Task) -> Made:
    counted = statistics(task.source, reading.transcript(task))
    return as_json(counted, Recipe("counted in the transcript and the log"))


def statistics(source: ArtifactInput, transcript: Sequence[TranscriptSegment]) -> ClassStatistics:
    by_speaker: dict[UUID, list[TranscriptSegment]] = {}
    for segment in transcript:
        by_speaker.setdefault(segment.participant_id, []).append(segment)
    spoken = {person: _union(_spans(own)) for person, own in by_speaker.items()}
    total_ms = sum(map(_length, spoken.values()))
    anybody_ms = _length(_union(_spans(transcript)))
    length_ms = max(duration_ms(source), max((s.end_ms for s in transcript), default=0))
    found = [
        _speaker(source, own, _length(spoken[person]), total_ms, transcript)
        for person, own in by_speaker.items()
    ]
    return ClassStatistics(
        duration_ms=length_ms,
        spoken_ms=total_ms,
        silence_ms=max(0, length_ms - anybody_ms),
        overlap_ms=total_ms - anybody_ms,
        speakers=sorted(found, key=lambda s: -s.spoken_ms),
    )


def _speaker(
    source: ArtifactInput,
    own: list[TranscriptSegment],
    spoken_ms: int,
    total_ms: int,
    transcript: Sequence[TranscriptSegment],
) -> SpeakerStatistics:
    person = own[0].participant_id
    held = [turn for turn in turns(transcript) if turn[0].participant_id == person]
    words = sum(len(segment.text.split()) for segment in own)
    did = Counter(sign.kind for sign in source.signs if sign.participant_id == person)
    return SpeakerStatistics(
        participant_id=person,
        speaker=own[0].speaker,
        spoken_ms=spoken_ms,
        share=round(spoken_ms / total_ms, 4) if total_ms else 0.0,
        words=words,
        words_per_minute=round(words * 60_000 / spoken_ms) if spoken_ms else 0,
        turns=len(held),
        longest_turn_ms=max(turn[-1].end_ms - turn[0].start_ms for turn in held),
        questions=sum(segment.text.rstrip().endswith("?") for segment in own),
        messages=did["chat"] + did["question"],
        hands=did["hand"],
    )


def _spans(segments: Sequence[TranscriptSegment]) -> Spans:
    return sorted((segment.start_ms, segment.end_ms) for segment in segments)


def _union(spans: Spans) -> Spans:
    """Without overlaps, in order."""
    joined: Spans = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
