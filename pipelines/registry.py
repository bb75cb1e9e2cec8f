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
from pipelines.film import make as film
from pipelines.kind import Kind, Limits
from pipelines.sound import joined, sounds, speech
from pipelines.transcript import document, translation
from pipelines.transcript import make as transcript
from schema.jobs import ArtifactKind

# What a replay waits for is quick or hangs; the rest may have to wait long for a core that nobody else wants.
AWAITED = Limits(silence_s=60)
AWAITED_WITH_MODEL = Limits(memory_mib=2048, silence_s=60)
WITH_MODEL = Limits(memory_mib=2048)
# The recogniser's weights beside minutes of sound.
HEARING = Limits(memory_mib=4096)

KINDS: dict[ArtifactKind, Kind] = {
    "transcript": Kind(transcript.make, version=4, limits=AWAITED),
    "slides": Kind(slides.make, limits=AWAITED),
    "chapters": Kind(chapters.make, version=3, limits=AWAITED_WITH_MODEL),
    "highlights": Kind(highlights.make, version=3, limits=AWAITED),
    "tracks": Kind(joined.make),
    "replay": Kind(replay.make, version=3, limits=AWAITED),
    "search": Kind(search.make),
    "statistics": Kind(statistics.make),
    "summary": Kind(summary.make, version=2, limits=WITH_MODEL),
    "quiz": Kind(quiz.make, version=2),
    "document": Kind(document.make),
    "speech": Kind(speech.make, version=2, limits=HEARING),
    "translation": Kind(translation.make),
    "subtitled": Kind(film.make, version=2),
    "sounds": Kind(sounds.make, limits=WITH_MODEL),
}
