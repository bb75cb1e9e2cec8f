"""What can be found of a class afterwards: what was said, shown, written and asked, each with its second."""

from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import reading
from schema.jobs import ArtifactInput, Sign
from schema.recordings import SearchEntry, SearchKind

WRITTEN: dict[str, SearchKind] = {"chat": "chat", "question": "question"}


def make(task: Task) -> Made:
    spoken = [
        SearchEntry(
            kind="transcript",
            source_id=segment.id,
            start_ms=segment.start_ms,
            text=segment.text,
            speaker=segment.speaker,
        )
        for segment in reading.transcript(task)
    ]
    shown = [
        SearchEntry(
            kind="slide",
            source_id=f"{slide.asset_id}:{slide.page}:{slide.start_ms}",
            start_ms=slide.start_ms,
            text=slide.text,
            speaker=slide.deck,
        )
        for slide in reading.slides(task)
    ]
    written = [_written(task.source, sign) for sign in task.source.signs if sign.kind in WRITTEN]
    entries = [entry for entry in [*spoken, *shown, *written] if entry.text.strip()]
    return as_json(entries, Recipe("transcript, slides, chat and questions as they stand"))


def _written(source: ArtifactInput, sign: Sign) -> SearchEntry:
    return SearchEntry(
        kind=WRITTEN[sign.kind],
        source_id=str(sign.id),
        start_ms=max(0, sign.at_unix_ms - source.origin_unix_ms),
        text=sign.text,
        speaker=source.speakers.get(str(sign.participant_id), ""),
    )
