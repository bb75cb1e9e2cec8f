from typing import get_args
from uuid import UUID

import msgspec

from pipelines.kind import Files, Task
from pipelines.registry import KINDS
from schema.jobs import NEEDS, ArtifactKind, JobRecording
from schema.recordings import ReplayManifest
from tests.pipelines.builders import ORIGIN, caption, source

CAPTIONS = [
    caption(1, "Ada", 1_000, 5_000, "Gravity pulls the apple to the ground."),
    caption(2, "Ben", 6_000, 9_000, "How fast does the apple fall?"),
]
PROGRAMME = JobRecording(
    id=UUID(int=5),
    kind="programme",
    key="t/s/programme/1/index.m3u8",
    mime_type="application/vnd.apple.mpegurl",
    started_at_unix_ms=ORIGIN,
    duration_ms=30_000,
)


def make_all() -> dict[ArtifactKind, Files]:
    made: dict[ArtifactKind, Files] = {}
    for name in NEEDS:
        given = source(CAPTIONS, recordings=[PROGRAMME], done=dict.fromkeys(made, "key"))
        needed: dict[str, bytes] = {need: made[need]["json"] for need in NEEDS[name]}
        made[name] = KINDS[name].make(Task(given, needed)).files
    return made


def test_every_kind_of_the_vocabulary_is_made_after_what_it_needs() -> None:
    assert set(KINDS) == set(get_args(ArtifactKind)) == set(NEEDS)
    assert list(make_all()) == list(NEEDS)


def test_the_same_input_makes_the_same_bytes() -> None:
    one, other = make_all(), make_all()
    # A Word document is an archive that notes when it was packed.
    assert {**one, "document": None} == {**other, "document": None}


def test_the_manifest_counts_what_is_there() -> None:
    manifest = msgspec.json.decode(make_all()["replay"]["json"], type=ReplayManifest)
    assert (manifest.segment_count, manifest.chapter_count) == (2, 1)
    assert manifest.duration_ms == 30_000
    assert manifest.highlight_count >= 1
    assert set(manifest.artifacts) == {"transcript", "slides", "chapters", "highlights"}
