"""The registry: what each kind of artifact needs and how it is made. One entry per kind of schema.jobs; pure."""

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec

from pipelines.artifacts.chapters import chapters
from pipelines.artifacts.highlights import highlights
from pipelines.artifacts.replay import duration_ms, manifest, spoken_tracks
from pipelines.artifacts.tracks import join
from pipelines.artifacts.transcript import plain_text, segments, srt, webvtt
from schema.jobs import ArtifactInput, ArtifactKind
from schema.recordings import Chapter, Highlight, TranscriptSegment

Sources = Mapping[str, bytes]
Files = dict[str, bytes]


def no_objects(_source: ArtifactInput) -> list[str]:
    return []


class Kind(msgspec.Struct, frozen=True):
    """`make` turns the input and its sources into files by suffix; `json` is always among them.

    Sources are the JSON of the kinds in `needs` by kind, and the objects that `objects` asks for by key. `version` goes up
    when the same input would give another result.
    """

    needs: tuple[ArtifactKind, ...]
    make: Callable[[ArtifactInput, Sources], Files]
    objects: Callable[[ArtifactInput], list[str]] = no_objects
    version: int = 1


def read_transcript(sources: Sources) -> list[TranscriptSegment]:
    return msgspec.json.decode(sources["transcript"], type=list[TranscriptSegment])


def make_transcript(source: ArtifactInput, _sources: Sources) -> Files:
    spoken = segments(source)
    return {
        "json": msgspec.json.encode(spoken),
        "vtt": webvtt(spoken).encode(),
        "srt": srt(spoken).encode(),
        "txt": plain_text(spoken).encode(),
    }


def make_chapters(source: ArtifactInput, sources: Sources) -> Files:
    spoken = read_transcript(sources)
    return {"json": msgspec.json.encode(chapters(spoken, duration_ms(source), source.title))}


def make_highlights(_source: ArtifactInput, sources: Sources) -> Files:
    return {"json": msgspec.json.encode(highlights(read_transcript(sources)))}


def make_replay(source: ArtifactInput, sources: Sources) -> Files:
    tracks = join_tracks(source, sources)
    packed = manifest(
        source,
        list(tracks),
        read_transcript(sources),
        msgspec.json.decode(sources["chapters"], type=list[Chapter]),
        msgspec.json.decode(sources["highlights"], type=list[Highlight]),
    )
    files = {f"{name}.ogg": track for name, track in tracks.items()}
    return {"json": msgspec.json.encode(packed), **files}


def join_tracks(source: ArtifactInput, sources: Sources) -> dict[UUID, bytes]:
    """By recording; without those of which nothing can be read."""
    tracks = {
        recording.id: join(
            [
                (part.started_at_unix_ms, sources[part.key])
                for part in recording.parts
                if part.key in sources
            ]
        )
        for recording in spoken_tracks(source)
    }
    return {name: track for name, track in tracks.items() if track}


def segment_keys(source: ArtifactInput) -> list[str]:
    return [part.key for recording in spoken_tracks(source) for part in recording.parts]


KINDS: dict[ArtifactKind, Kind] = {
    "transcript": Kind(needs=(), make=make_transcript, version=2),
    "chapters": Kind(needs=("transcript",), make=make_chapters),
    "highlights": Kind(needs=("transcript",), make=make_highlights),
    "replay": Kind(
        needs=("transcript", "chapters", "highlights"), make=make_replay, objects=segment_keys
    ),
}
