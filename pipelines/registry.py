"""The registry: how each kind of artifact is made. What it needs stands in schema.jobs, for the queue asks that too."""

from pipelines.derive import (
    chapters,
    highlights,
    quiz,
    replay,
    search,
    slides,
    statistics,
    summary,
)
from pipelines.kind import Kind, Limits
from pipelines.sound import joined, speech
from pipelines.transcript import document
from pipelines.transcript import make as transcript
from schema.jobs import ArtifactKind

# The recogniser's weights, and half a minute of speech that is hard to decode on a core that is not its own.
HEARING = Limits(memory_mib=4096, silence_s=600)
# A language model may take its time.
ASKING = Limits(silence_s=180)
WITH_MODEL = Limits(memory_mib=2048, silence_s=180)

KINDS: dict[ArtifactKind, Kind] = {
    "transcript": Kind(transcript.make, version=4),
    "slides": Kind(slides.make),
    "chapters": Kind(chapters.make, version=3, limits=WITH_MODEL),
    "highlights": Kind(highlights.make, version=2),
    "tracks": Kind(joined.make),
    "replay": Kind(replay.make, version=3),
    "search": Kind(search.make),
    "statistics": Kind(statistics.make),
    "summary": Kind(summary.make, limits=WITH_MODEL),
    "quiz": Kind(quiz.make, limits=ASKING),
    "document": Kind(document.make),
    "speech": Kind(speech.make, version=2, limits=HEARING),
}
