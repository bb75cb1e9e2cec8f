"""The transcript: live captions, bettered by the careful pass where that is done, in the formats people ask for."""

import msgspec
from msgspec.structs import replace

from pipelines.kind import Made, Recipe, Task
from pipelines.transcript.formats import plain_text, segments, srt, webvtt
from pipelines.transcript.merge import bettered
from schema.heard import CarefulPass


def make(task: Task) -> Made:
    source, method, model = task.source, "live captions", ""
    if content := task.made.get("speech"):
        careful = msgspec.json.decode(content, type=CarefulPass)
        people = {r.participant_id for r in source.recordings if r.parts}
        # A speaker redacted since the pass has no recording any more.
        heard = [u for u in careful.utterances if u.participant_id in people]
        captions = bettered(source.captions, source.corrected, heard)
        source = replace(source, captions=captions)
        method, model = "careful pass over live captions", careful.model
    spoken = segments(source)
    files = {
        "json": msgspec.json.encode(spoken),
        "vtt": webvtt(spoken).encode(),
        "srt": srt(spoken).encode(),
        "txt": plain_text(spoken).encode(),
    }
    return Made(files, Recipe(method, model, {"corrections": len(source.corrected)}))
