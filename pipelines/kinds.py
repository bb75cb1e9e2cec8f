"""The registry: what each kind of artifact needs and how it is made. One entry per kind of schema.jobs; pure."""

from collections.abc import Callable, Mapping

import msgspec

from pipelines.chapters import chapters
from pipelines.highlights import highlights
from pipelines.replay import duration_ms, manifest
from pipelines.transcript import segments, srt, webvtt
from schema.jobs import ArtifactInput, ArtifactKind
from schema.recordings import Chapter, Highlight, TranscriptSegment

Sources = Mapping[ArtifactKind, bytes]
Files = dict[str, bytes]


class Kind(msgspec.Struct, frozen=True):
    """`make` turns the input and the JSON of the kinds in `needs` into files by suffix; `json` is always among them.

    `version` goes up when the same input would give another result.
    """

    needs: tuple[ArtifactKind, ...]
    make: Callable[[ArtifactInput, Sources], Files]
    version: int = 1


def read_transcript(sources: Sources) -> list[TranscriptSegment]:
    return msgspec.json.decode(sources["transcript"], type=list[TranscriptSegment])


def make_transcript(source: ArtifactInput, _sources: Sources) -> Files:
    spoken = segments(source)
    return {
        "json": msgspec.json.encode(spoken),
        "vtt": webvtt(spoken).encode(),
        "srt": srt(spoken).encode(),
    }


def make_chapters(source: ArtifactInput, sources: Sources) -> Files:
    spoken = read_transcript(sources)
    return {"json": msgspec.json.encode(chapters(spoken, duration_ms(source), source.title))}


def make_highlights(_source: ArtifactInput, sources: Sources) -> Files:
    return {"json": msgspec.json.encode(highlights(read_transcript(sources)))}


def make_replay(source: ArtifactInput, sources: Sources) -> Files:
    packed = manifest(
        source,
        read_transcript(sources),
        msgspec.json.decode(sources["chapters"], type=list[Chapter]),
        msgspec.json.decode(sources["highlights"], type=list[Highlight]),
    )
    return {"json": msgspec.json.encode(packed)}


KINDS: dict[ArtifactKind, Kind] = {
    "transcript": Kind(needs=(), make=make_transcript),
    "chapters": Kind(needs=("transcript",), make=make_chapters),
    "highlights": Kind(needs=("transcript",), make=make_highlights),
    "replay": Kind(needs=("transcript", "chapters", "highlights"), make=make_replay),
}
